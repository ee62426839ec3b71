/** Tells a story that went wrong, in numbered plain sentences. */
import type { Settings } from './commands.ts';
import type { Call, Process } from './process.ts';
import { INVARIANTS, type Violation } from './violation.ts';

const WORDS: Readonly<Record<string, string>> = {
  'store.find': 'reads the key',
  'store.findSealed': 'looks for a seal',
  'store.destroySealed': 'destroys a seal that has expired',
  'store.findRotation': 'looks for the ended rotation',
  'uses.totals': 'reads the counts',
  'reader.read': 'reads the key',
  'writer.add': 'writes its counts',
  'writer.noteFirstUse': 'notes the first use',
  'sealer.seal': 'seals a new key',
  'sealer.open': 'opens the seal',
  'verifier.verify': 'asks the authorizers',
  'caches.flush': 'empties the caches',
  'executions.stop': 'stops an execution',
  'executions.stateOf': 'asks for an execution',
  'machine.start': 'starts an execution',
  'executions.look': 'looks at an execution',
  'runs.find': 'reads the run',
  'runs.findKeys': 'reads what the run knows of keys',
  'runs.keys': 'reads what the run knows of keys',
  'runs.insert': 'puts the run on record',
  'runs.save': 'writes the run',
  'runs.saveKey': 'writes of a key in the run',
  'runMachine.start': 'starts the run',
  'runExecutions.stateOf': 'asks for the run',
  'writer.noteFirstRefusal': 'notes the first refusal',
  'store.list': 'lists keys',
  'pepperSecret.readText': 'reads the peppers',
  'pepperSecret.read': 'reads the pepper secret',
  'pepperSecret.replace': 'writes the pepper secret',
  'pepperRecord.events': 'reads the record of the pepper',
  'pepperRecord.append': 'puts it on the record of the pepper',
  'pepperRecord.saveCount': 'stores its count',
  'keys.from': 'reads a page of keys',
  'due.dueBy': 'asks what is due',
};

/** `a reads the key, b reads the key, b writes, a writes too late`. */
export function tellCalls(calls: readonly Call[], names: ReadonlyMap<Process, string>): string {
  return calls
    .map(({ process, method, result }) => {
      if (method === 'pepperSecret.replace' && result === undefined) {
        return `${names.get(process)} writes the pepper secret too late`;
      }
      const saved = result === 'stale' ? 'writes too late' : 'writes';
      return `${names.get(process)} ${WORDS[method] ?? (method.startsWith('store.') ? saved : method)}`;
    })
    .join(', ');
}

export interface Story {
  readonly settings: Settings;
  /** One entry a round, each of one line or more. */
  readonly rounds: readonly (readonly string[])[];
  readonly violation: Violation;
}

export function tell({ settings, rounds, violation }: Story): string {
  const numbered = rounds.flatMap(([first = '', ...more], index) => [
    `${String(index + 1).padStart(4)}. ${first}`,
    ...more.map((line) => `      ${line}`),
  ]);
  const { memorySeconds, flushSeconds, cacheSeconds, secretLagSeconds } = settings;
  const cache = cacheSeconds > 0 ? ` API Gateway keeps answers for ${cacheSeconds} s.` : '';
  const lag = secretLagSeconds > 0 ? ` Reads of the pepper secret lag behind by ${secretLagSeconds} s.` : '';
  return [
    `Broken invariant ${violation.invariant}: ${INVARIANTS[violation.invariant]}`,
    `Authorizers answer from memory for ${memorySeconds} s and keep counts for ${flushSeconds} s.${cache}${lag}`,
    ...numbered,
    `   => At ${rounds.length}: ${violation.message}`,
  ].join('\n');
}
