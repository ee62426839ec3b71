/** Whether an event is what the published schema of OCSF says: `classes.json` is derived from it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from './classes.json' with { type: 'json' };

const FILES: Readonly<Record<string, keyof typeof schema.classes>> = {
  'Entity Management': 'entity_management',
  Authentication: 'authentication',
  'Detection Finding': 'detection_finding',
};

const ajv = new Ajv2020({ allErrors: true });
const validators = new Map<string, ValidateFunction>(
  Object.entries(FILES).map(([name, file]) => [
    name,
    ajv.compile({ ...schema.classes[file], $defs: schema.$defs }),
  ]),
);

export const OCSF_SCHEMA_VERSION: string = schema.version;

/** What the schema objects to in an event of a class, by the class's name. */
export function ocsfFaults(event: unknown, className: string): readonly string[] {
  const validate = validators.get(className);
  if (!validate) return [`There is no class '${className}'.`];
  return validate(event)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
}
