/** Dollars as text: two figures that mean something, cents from a tenth of a dollar on. */
export function dollars(value: number): string {
  if (value >= 0.1) {
    return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }
  if (value === 0) return '0';
  const digits = 1 - Math.floor(Math.log10(value));
  return value.toFixed(digits);
}
