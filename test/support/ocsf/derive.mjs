/**
 * Derives `classes.json` from the published schema: `node derive.mjs <export> > classes.json`, where the export is what
 * https://schema.ocsf.io/1.8.0/export/v2/schema answers.
 *
 * Of each class and object everything is kept that says what is valid: which attributes there are, of which type, which
 * must be there, which values an enumeration has, which patterns. Left out are captions, attributes of profiles that are
 * not used, and objects below the depth that is named here, of which no attribute is allowed then.
 */
import { readFileSync } from 'node:fs';

const CLASSES = ['entity_management', 'authentication', 'detection_finding'];
const OBJECTS = [
  'account',
  'actor',
  'analytic',
  'evidences',
  'finding_info',
  'http_request',
  'managed_entity',
  'metadata',
  'network_endpoint',
  'object',
  'product',
  'remediation',
  'resource_details',
  'service',
  'user',
];
const PRIMITIVES = {
  boolean_t: 'boolean',
  integer_t: 'integer',
  float_t: 'number',
  long_t: 'integer',
  string_t: 'string',
};

const schema = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const types = schema.dictionary.types.attributes;

function typeOf({ type, object_type: object, enum: words }) {
  if (type === 'object_t') return OBJECTS.includes(object) ? { $ref: `#/$defs/${object}` } : undefined;
  if (type === 'json_t') return {};
  const definition = types[type];
  const primitive = PRIMITIVES[type] ?? PRIMITIVES[definition.type];
  const keys = words && Object.keys(words).map((word) => (primitive === 'string' ? word : Number(word)));
  return {
    type: primitive,
    ...(keys ? { enum: keys } : {}),
    ...(definition.max_len ? { maxLength: definition.max_len } : {}),
    ...(definition.range ? { minimum: definition.range[0], maximum: definition.range[1] } : {}),
    ...(definition.regex ? { pattern: definition.regex } : {}),
  };
}

function shapeOf({ attributes, constraints = {} }) {
  const kept = Object.entries(attributes).filter(([, { profiles }]) => (profiles ?? []).length === 0);
  const properties = Object.fromEntries(
    kept.flatMap(([name, attribute]) => {
      const value = typeOf(attribute);
      if (value === undefined) return [];
      return [[name, attribute.is_array ? { type: 'array', items: value } : value]];
    }),
  );
  const required = kept.filter(([, { requirement }]) => requirement === 'required').map(([name]) => name);
  return {
    type: 'object',
    ...(kept.length > 0 ? { properties, additionalProperties: false } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(constraints.at_least_one
      ? { anyOf: constraints.at_least_one.map((name) => ({ required: [name] })) }
      : {}),
  };
}

const named = (kind, names) => Object.fromEntries(names.map((name) => [name, shapeOf(schema[kind][name])]));
const derived = {
  $comment: `Derived from the Open Cybersecurity Schema Framework ${schema.version}, https://schema.ocsf.io, Apache License 2.0.`,
  version: schema.version,
  classes: named('classes', CLASSES),
  $defs: named('objects', OBJECTS),
};
process.stdout.write(`${JSON.stringify(derived)}\n`);
