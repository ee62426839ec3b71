/** Which rotation a key is in, and what it has come to: entered in the books with each change of the key. */
import { parseDurationSeconds } from '../../rules/duration.ts';
import { bothAccepted, type RotationBook } from './books.ts';
import type { Commit } from './commit.ts';
import { judgementOf } from './evidence.ts';
import { Violation } from './violation.ts';

const STEPS_OF_ONE = ['generate', 'activate', 'judge', 'retire', 'abandon'];

export function enterRotation(commit: Commit): void {
  const { book, before, after, process, world } = commit;
  const { kind, rotationId } = process.task;
  const label = (id: string | undefined) => world.machine.of(id)?.label ?? 'none';
  if (STEPS_OF_ONE.includes(kind) && book.rotation?.rotationId !== rotationId) {
    const running = label(book.rotation?.rotationId);
    throw new Violation(
      2,
      `'${kind}' of rotation ${label(rotationId)} changed key ${book.name}, whose rotation is ${running}.`,
    );
  }
  const [was, is] = [before.rotation?.rotationId, after.rotation?.rotationId];
  if (was !== undefined && is !== was) {
    if (is !== undefined) throw new Violation(2, `Rotation ${label(is)} began while ${label(was)} ran.`);
    if (kind === 'begin') checkTakeOver(commit, was, label);
    book.rotation = undefined;
  }
  if (is !== undefined && is !== was) begin(commit, is, label(is));
  if (book.rotation) enterStep(commit, book.rotation);
}

/** A rotation may be taken over once its execution is over, or by an emergency that does not wait for it. */
function checkTakeOver({ book, process, world }: Commit, was: string, label: (id: string) => string): void {
  const running = world.machine.of(was);
  const request = world.machine.of(process.task.rotationId)?.request ?? {};
  const ranks = [running?.request ?? {}, request].map((each) =>
    each['purpose'] !== 'emergency' ? 0 : each['immediateInvalidation'] === true ? 2 : 1,
  );
  if (running?.state === undefined || (ranks[1] as number) > (ranks[0] as number)) return;
  throw new Violation(
    2,
    `Rotation ${label(process.task.rotationId as string)} took key ${book.name} from ${label(was)}, which runs.`,
  );
}

function begin({ book, process, after, world, at }: Commit, rotationId: string, label: string): void {
  if (process.task.kind !== 'begin' || process.task.rotationId !== rotationId) {
    throw new Violation(2, `Rotation ${label} was begun by '${process.task.kind}'.`);
  }
  if (book.rotations.has(rotationId)) throw new Violation(2, `Rotation ${label} was begun twice.`);
  const request = world.machine.of(rotationId)?.request ?? {};
  const policy = world.policy(after.policy);
  const isEmergency = request['purpose'] === 'emergency';
  const ordered = secondsOf(request['gracePeriod']);
  const stated = ordered ?? (isEmergency ? policy.emergencyGraceSeconds : policy.graceSeconds);
  book.rotation = {
    rotationId,
    policy,
    extensionSeconds: Math.max(policy.extensionSeconds, world.evidenceLagSeconds),
    graceSeconds: isEmergency ? stated : Math.max(stated, world.evidenceLagSeconds),
    isEmergency,
    isImmediate: request['immediateInvalidation'] === true,
    isManual: request['purpose'] === 'manual',
    madeVersion: false,
    // Left by one that failed: what it waits for and judges, unless it makes another.
    ...bothAccepted(book),
    extensions: 0,
    judgement: undefined,
  };
  book.rotations.set(rotationId, book.rotation);
  // Two accepted versions that a rotation has left are judged anew from here.
  openWindow({ book, at, process });
}

/** Use in it is what is judged next. */
export function openWindow({ book, at, process }: Pick<Commit, 'book' | 'at' | 'process'>): void {
  book.window = { from: at, beganMs: process.began.atMs };
  book.look = book.window;
}

function secondsOf(duration: unknown): number | undefined {
  if (typeof duration !== 'string') return undefined;
  const parsed = parseDurationSeconds(duration, 'gracePeriod');
  return parsed.ok ? parsed.value : undefined;
}

function enterStep(commit: Commit, rotation: RotationBook): void {
  const { book, event, process } = commit;
  const { kind } = process.task;
  if (kind === 'generate') {
    if (rotation.madeVersion)
      throw new Violation(2, `Key ${book.name} got a second version in one rotation.`);
    rotation.madeVersion = true;
  }
  if (kind === 'activate') openWindow(commit);
  if (kind === 'judge') enterJudgement(commit, rotation, event.action);
}

/**
 * What it says of itself only ends what counts for it: a look or a reminder, though one were said to be a judgement,
 * has to stand the books' counts once something is retired on it.
 */
function enterJudgement(commit: Commit, rotation: RotationBook, action: string): void {
  const { book, before, after, at, process, world } = commit;
  if (action === 'rotation.reminded') return;
  const endOf = (record: typeof after) =>
    record.versions.find(({ status }) => status === 'deprecating')?.expiresAtMs ?? 0;
  const facts = { book, rotation, began: process.began, at, endsAtMs: endOf(before) };
  if (action === 'rotation.judged') rotation.judgement = judgementOf(world.ledger, world.settings, facts);
  const isMoved = endOf(after) !== endOf(before);
  if (isMoved && !book.refusal) rotation.extensions += 1;
  const { window } = book;
  openWindow(commit);
  if (action === 'rotation.looked') book.window = window;
}
