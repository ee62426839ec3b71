/** What a function may reach of the table: items by their partitions, and of them all attributes or some, and indexes. */
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { NodeFunction } from './node-function.ts';

/** With `*` at the end: all partitions that begin so. */
type Partitions = readonly string[];

export class TableAccess {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** All items, and beside them these indexes. */
  allowAll(fn: NodeFunction<unknown>, actions: string[], indexes: readonly string[] = []): void {
    const { tableArn } = this.#table;
    fn.allow({ actions, resources: [tableArn, ...indexes.map((name) => this.#indexArn(name))] });
  }

  /** Items of these partitions alone, and of them these attributes, or all. */
  allowItems(
    fn: NodeFunction<unknown>,
    actions: string[],
    partitions: Partitions,
    attributes?: string[],
  ): void {
    const conditions = leading(partitions, attributes);
    fn.allow({ actions, resources: [this.#table.tableArn], conditions });
  }

  /** The same to read, by requests that name the attributes: one that names none would be given all. */
  allowReading(
    fn: NodeFunction<unknown>,
    actions: string[],
    partitions: Partitions,
    attributes: string[],
  ): void {
    const conditions = {
      ...leading(partitions, attributes),
      StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    };
    fn.allow({ actions, resources: [this.#table.tableArn], conditions });
  }

  allowIndex(fn: NodeFunction<unknown>, actions: string[], name: string): void {
    fn.allow({ actions, resources: [this.#indexArn(name)] });
  }

  #indexArn(name: string): string {
    return `${this.#table.tableArn}/index/${name}`;
  }
}

const leading = (partitions: Partitions, attributes?: string[]) => ({
  'ForAllValues:StringLike': {
    'dynamodb:LeadingKeys': [...partitions],
    ...(attributes ? { 'dynamodb:Attributes': attributes } : {}),
  },
});
