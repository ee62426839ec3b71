/** CRC-32 as in gzip and PNG (ISO 3309, polynomial 0xEDB88320 reflected), of ASCII text. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1)
    remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
});

/** @returns the checksum as an unsigned 32-bit number; each character counts as one byte */
export function crc32(ascii: string): number {
  let checksum = 0xffffffff;
  for (let index = 0; index < ascii.length; index += 1) {
    checksum = (TABLE[(checksum ^ ascii.charCodeAt(index)) & 0xff] as number) ^ (checksum >>> 8);
  }
  return (checksum ^ 0xffffffff) >>> 0;
}
