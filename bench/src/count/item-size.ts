/**
 * Sizes of items as DynamoDB bills them.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item on the wire: binary values are base64 text there. */
export type WireItem = Readonly<Record<string, AttributeValue>>;

const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

export const itemBytes = (item: WireItem): number =>
  Object.entries(item).reduce((total, [name, value]) => total + textBytes(name) + valueBytes(value), 0);

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return textBytes(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.SS !== undefined) return sum(value.SS.map(textBytes));
  if (value.L !== undefined)
    return CONTAINER_BYTES + sum(value.L.map((each) => ELEMENT_BYTES + valueBytes(each)));
  if (value.M !== undefined)
    return CONTAINER_BYTES + Object.keys(value.M).length * ELEMENT_BYTES + itemBytes(value.M);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  throw new Error(`Keyturn stores no attribute of the type ${Object.keys(value).join()}.`);
}

/** One byte for each two significant digits and one more. */
function numberBytes(number: string): number {
  const digits = number.replace(/[-+.]|[eE].*$/g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (number.startsWith('-') ? 1 : 0);
}

const textBytes = (text: string): number => Buffer.byteLength(text);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
