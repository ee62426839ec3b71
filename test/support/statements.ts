/** What roles may do, as the template says it. */
import type { Template } from 'aws-cdk-lib/assertions';
import { type Json, only, plain, resources } from './template.ts';

/** Actions and resources are sorted: the order in which they are granted means nothing. */
export interface Statement {
  readonly actions: readonly string[];
  /** Spelled by `plain`. */
  readonly resources: readonly string[];
  readonly conditions?: Json;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Every statement of every policy of the roles whose logical id starts with `prefix`. */
export function statementsOf(template: Template, prefix: string): Statement[] {
  const roles = resources(template, 'AWS::IAM::Role', prefix).map(({ id }) => id);
  return resources(template, 'AWS::IAM::Policy')
    .filter(({ properties }) =>
      (properties['Roles'] as { Ref: string }[]).some(({ Ref }) => roles.includes(Ref)),
    )
    .flatMap(({ properties }) => (properties['PolicyDocument'] as { Statement: Json[] }).Statement)
    .map(({ Sid: _name, Effect, Action, Resource, Condition, ...rest }) => {
      if (Effect !== 'Allow' || Object.keys(rest).length > 0)
        throw new Error(`Not read here: ${Object.keys(rest)}`);
      return {
        actions: list(Action).map(String).sort(),
        resources: list(Resource).map(plain).sort(),
        ...(Condition ? { conditions: Condition as Json } : {}),
      };
    });
}

/** The reference to a resource's ARN, spelled by `plain`. */
export const arnOf = (template: Template, type: string, prefix: string): string =>
  `<${only(template, type, prefix).id}.Arn>`;
