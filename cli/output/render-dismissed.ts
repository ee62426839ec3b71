/** What is to be dismissed, before and after. */
import type { Dismissed, NoticeView } from '../../lambdas/functions/admin/notices-contract.ts';
import type { Paint } from './paint.ts';

const counted = (count: number): string => `${count} ${count === 1 ? 'notice' : 'notices'}`;

/** How many of which kind, the most first: `3 notices (2 extended, 1 emergency)`. */
export function kindsOf(notices: readonly NoticeView[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of notices) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].sort(([, one], [, other]) => other - one);
  return `${counted(notices.length)} (${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')})`;
}

export function dismissedText({ dismissed, left }: Dismissed, paint: Paint): string {
  if (dismissed + left.length === 0) return 'Nothing is parked.\n';
  const lines = [
    `${paint.good(counted(dismissed))} dismissed: nobody is told any more.`,
    ...(left.length > 0
      ? [`${counted(left.length)} left that ${left.length === 1 ? 'is' : 'are'} parked no more.`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}
