/** What the model learns from each call that a process makes of a port. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import type { PepperSet } from '../../lambdas/core/domain/peppers.ts';
import type { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import type { RecordedRun } from '../../lambdas/core/domain/run-events.ts';
import type { UseIncrement } from '../../lambdas/core/ports/authorization.ts';
import type { ClaimLink, PlacedVersion } from '../../lambdas/core/ports/key-place.ts';
import type { SealedKey } from '../../lambdas/core/ports/key-sealer.ts';
import type { KeyChange } from '../../lambdas/core/ports/key-store.ts';
import { DAY_MS } from '../../rules/time-units.ts';
import { newVersion } from './commit.ts';
import { LINK_PAGE } from './ports.ts';
import type { Call } from './process.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

type Entry = (world: World, call: Call) => void | Promise<void>;

const countRunEvent: Entry = ({ secrets, tally }, { args, result }) => {
  secrets.search('on record with an emergency', args);
  const { event } = args[0] as RecordedRun;
  if (result === 'inserted' || result === 'saved') tally.count(`change: ${event.action}`);
};

const ENTRIES: Readonly<Record<string, Entry>> = {
  'sealer.seal': ({ secrets, ledger }, { process, args }) => {
    const key = (args[0] as Plaintext).reveal();
    secrets.learn(key);
    // Until a version is stored with it, it is nobody's.
    ledger.lost.push({ keyId: String(process.task.keyId), text: key });
    process.made = key;
  },
  'sealer.open': (_world, { process, result }) => {
    process.opened = (result as Plaintext).reveal();
  },
  'store.insert': (world, call) => {
    world.secrets.search('stored with a new key', call.args);
    if (call.result !== 'inserted') return;
    const [record, , seal] = call.args as [KeyRecord, AuditEvent, SealedKey | undefined];
    enterKey(world, record, seal && call.process.made);
    if (seal) world.ledger.keep(call.process.made);
  },
  'links.send': ({ secrets, ledger }, { args, result }) => {
    if (result !== undefined) return;
    const { keyId, url } = args[0] as ClaimLink;
    const token = url.reveal().slice(`${LINK_PAGE}/${keyId}/`.length);
    secrets.learnToken(token);
    ledger.links.push({ keyId, token });
  },
  'place.put': ({ ledger }, call) => {
    call.process.wrotePlace = true;
    const { keyId, version } = call.args[1] as PlacedVersion;
    const written = ledger.key(keyId)?.versions.get(version);
    if (written) written.wasPlaced = true;
  },
  'place.restore': (_world, { process }) => {
    process.wrotePlace = true;
  },
  'store.save': async (world, call) => {
    if (call.result !== 'saved') return;
    const { before, after, event, seal } = call.args[0] as KeyChange;
    world.secrets.search('stored in the table', { after, event, seal });
    const book = world.ledger.key(before.keyId);
    if (!book) throw new Error(`No book is kept of key ${before.keyId}.`);
    await world.committed(call, book);
    const isBound = [...book.versions.values()].some(({ text }) => text === call.process.made);
    if (isBound) world.ledger.keep(call.process.made);
  },
  'writer.add': ({ secrets, ledger }, { args, isDisowned }) => {
    secrets.search('stored with the counts', args);
    const { keyId, version, requests } = args[0] as UseIncrement;
    // Its writer puts the counts back, and writes them once more.
    if (isDisowned) ledger.doubled.push({ keyId, version, requests });
  },
  'pepperSecret.replace': (world, call) => enterPepperWrite(world, call),
  'pepperRecord.append': ({ secrets, tally }, { args, result }) => {
    secrets.search('on record with the pepper', args);
    if (result === 'appended') tally.count(`change: ${(args[0] as AuditEvent).action}`);
  },
  'pepperRecord.saveCount': ({ secrets }, { args }) => secrets.search('stored with a count', args),
  'runs.insert': countRunEvent,
  'runs.save': countRunEvent,
  'runs.saveKey': ({ secrets }, { args }) => secrets.search('stored with an emergency', args),
  'executions.stop': ({ secrets }, { args }) => secrets.search('told to Step Functions', args),
  'machine.start': (world, call) => {
    world.secrets.search('in the input of an execution', call.args);
    enterStart(world, call);
    enterOrdered(world, call);
  },
};

export async function enterCall(world: World, call: Call): Promise<void> {
  await ENTRIES[call.method]?.(world, call);
}

/** No word of it, no write of it. */
async function enterPepperWrite(world: World, { args, result }: Call): Promise<void> {
  if (result === undefined) return;
  const [revision, set] = args as [string, PepperSet];
  for (const pepper of set.secrets.values()) world.secrets.learnPepper(pepper);
  world.ledger.pepperWrites += 1;
  const events = await world.parts.pepperRecord.events();
  if (!events.some(({ detail }) => detail['fromRevision'] === revision)) {
    throw new Violation(6, `The pepper secret was written at ${revision} without a word on record.`);
  }
}

function enterKey({ ledger, tally }: World, record: KeyRecord, text: string | undefined): void {
  tally.count('change: key.issued');
  const at = ledger.moment();
  const versions = record.versions.map((version) => ({
    ...newVersion(version, text),
    acceptedSince: at,
  }));
  ledger.keys.push({
    keyId: record.keyId,
    name: String.fromCharCode('A'.charCodeAt(0) + ledger.keys.length),
    record,
    versions: new Map(versions.map((version) => [version.version, version])),
    mustBePlaced: undefined,
    placeDoubted: undefined,
    enabledSince: at,
    refusal: undefined,
    changes: 1,
    lastHash: record.audit.hash,
    rotation: undefined,
    rotations: new Map(),
    window: undefined,
    look: undefined,
  });
}

/** A key is given to the rotation machine once in each attempt of an emergency of many. */
function enterOrdered({ machine, ledger }: World, { process: { task }, args }: Call): void {
  const ordered = machine.of(String(args[0]));
  if (!ordered || task.runId === undefined || ordered.orderedFor !== undefined) return;
  const attempt = `${task.runId} ${task.attempt} ${ordered.keyId}`;
  const twice = machine.executions.find(({ orderedFor }) => orderedFor === attempt);
  ordered.orderedFor = attempt;
  if (!twice) return;
  const both = `as ${twice.label} and as ${ordered.label}`;
  const name = ledger.key(ordered.keyId)?.name;
  throw new Violation(2, `One attempt of an emergency started key ${name} twice, ${both}.`);
}

/** A due date is started once in each day that passes, however many sweeps find it. */
function enterStart({ machine, ledger }: World, { process, args }: Call): void {
  const started = machine.of(String(args[0]));
  const book = started && ledger.key(started.keyId);
  if (!book || started.sweptFor !== undefined || started.request['initiatedBy'] !== 'keyturn:sweep') return;
  const { dueAtMs } = book.record;
  const day = `${book.keyId} ${dueAtMs} ${Math.floor((process.began.atMs - dueAtMs) / DAY_MS)}`;
  const twice = machine.executions.find(({ sweptFor }) => sweptFor === day);
  started.sweptFor = day;
  if (twice) {
    const both = `as ${twice.label} and as ${started.label}`;
    throw new Violation(2, `The due rotation of key ${book.name} was started twice, ${both}.`);
  }
}
