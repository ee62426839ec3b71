/** Reading synthesized templates. */
import type { Template } from 'aws-cdk-lib/assertions';

export type Json = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly id: string;
  readonly properties: Json;
  readonly DeletionPolicy?: string;
}

/** All resources of a type, those whose logical id starts with `prefix` alone if one is given. */
export function resources(template: Template, type: string, prefix = ''): Resource[] {
  return Object.entries(template.findResources(type))
    .filter(([id]) => id.startsWith(prefix))
    .map(([id, { Properties, ...rest }]) => ({ id, properties: (Properties ?? {}) as Json, ...rest }));
}

/** The one resource of a type. */
export function only(template: Template, type: string, prefix = ''): Resource {
  const found = resources(template, type, prefix);
  if (found.length !== 1 || !found[0]) {
    throw new Error(
      `${found.length} of ${type} start with '${prefix}': ${found.map(({ id }) => id).join(', ')}`,
    );
  }
  return found[0];
}

/** The variables of the function whose logical id starts with `prefix`. */
export function environmentOf(template: Template, prefix: string): Json {
  const { properties } = only(template, 'AWS::Lambda::Function', prefix);
  return (properties['Environment'] as { readonly Variables: Json } | undefined)?.Variables ?? {};
}

/** Text with its references spelled `<Ref>` or `<Name.Attribute>`, so that it can be compared. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, inner] = ['', '']] = Object.entries(value as Json);
  if (name === 'Ref') return `<${inner}>`;
  if (name === 'Fn::GetAtt') return `<${(inner as string[]).join('.')}>`;
  if (name === 'Fn::Join') return (inner as [string, unknown[]])[1].map(plain).join((inner as [string])[0]);
  throw new Error(`Not text: ${JSON.stringify(value)}`);
}
