/** Peppers as people read them: their names and what needs them. */
import type { PepperVersionView, PepperView } from '../../lambdas/functions/admin/pepper-contract.ts';
import type { Paint } from './paint.ts';
import { type Column, table } from './table.ts';
import { moment } from './time.ts';

export function pepperTable({ peppers, countedAt }: PepperView, paint: Paint, nowMs: number): string {
  const columns: readonly Column<PepperVersionView>[] = [
    { title: 'PEPPER', value: ({ name }) => name, paint: (cell) => paint.bold(cell) },
    { title: 'STATE', value: stateOf, paint: (cell, pepper) => statePaint(pepper, paint)(cell) },
    { title: 'SINCE', value: (pepper) => sinceOf(pepper, nowMs) },
    { title: 'NEEDED BY', value: ({ neededBy }) => (neededBy === null ? '–' : versions(neededBy)) },
  ];
  const counted = countedAt
    ? `Needs were counted ${moment(countedAt, nowMs)}.`
    : 'Needs were not counted yet: they are after a rotation of the pepper, and daily while there is more than one.';
  return `${table(columns, peppers, paint.dim)}\n\n${paint.dim(counted)}\n`;
}

/** What became of the peppers between two looks, a line each. */
export function pepperChanges(before: PepperView, after: PepperView): readonly string[] {
  const names = ({ peppers }: PepperView) => peppers.filter(({ present }) => present).map(({ name }) => name);
  const currentOf = ({ peppers }: PepperView) => peppers.find(({ current }) => current)?.name;
  const added = names(after).filter((name) => !names(before).includes(name));
  const dropped = names(before).filter((name) => !names(after).includes(name));
  return [
    ...added.map((name) => `added ${name}; it becomes the current one when every authorizer can know it`),
    ...(currentOf(after) === currentOf(before) ? [] : [`current is ${currentOf(after)}`]),
    ...(after.countedAt === before.countedAt ? [] : ['counted what is needed']),
    ...dropped.map((name) => `dropped ${name}: nothing needs it`),
  ];
}

function stateOf({ current, present, altered, currentSince, madeAt }: PepperVersionView): string {
  if (!present) return 'MISSING';
  if (altered) return 'ALTERED';
  if (current) return 'current';
  return madeAt !== null && currentSince === null ? 'added' : 'old';
}

function statePaint(
  { current, present, altered }: PepperVersionView,
  paint: Paint,
): (text: string) => string {
  if (!present || altered) return paint.bad;
  return current ? paint.good : paint.dim;
}

function sinceOf({ madeAt, currentSince }: PepperVersionView, nowMs: number): string {
  const since = currentSince ?? madeAt;
  return since ? moment(since, nowMs) : 'the deployment, or by hand';
}

const versions = (count: number): string => (count === 1 ? '1 version' : `${count} versions`);
