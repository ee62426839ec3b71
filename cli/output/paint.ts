/** Colour, where it helps: on a terminal, unless the operator turned it off. */
import { styleText } from 'node:util';
import type { Environment } from '../aws-settings.ts';
import type { Sink } from '../context.ts';

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
}

type Style = Parameters<typeof styleText>[0];

/** @see https://no-color.org: any non-empty value of NO_COLOR turns colour off */
export function paintFor(sink: Sink, env: Environment): Paint {
  const colour = sink.isTTY === true && !env.NO_COLOR;
  const styled = (style: Style) => (text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  return {
    bold: styled('bold'),
    dim: styled('dim'),
    good: styled('green'),
    warn: styled('yellow'),
    bad: styled('red'),
  };
}
