/** Where previewed mails are, and their subjects. */
import type { Preview } from '../notices/write-preview.ts';
import type { Paint } from './paint.ts';

export function previewText({ folder, index, mails }: Preview, paint: Paint): string {
  const lines = mails.map(({ name, subject }) => `${paint.dim(name)}\n  ${subject}`);
  return `${lines.join('\n')}\n\n${paint.good(`${mails.length} mails`)}, each as .html, .txt and .eml, are in ${folder}\nSee them all: ${paint.bold(index)}\n`;
}
