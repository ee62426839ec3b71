/**
 * Random stories of an outbox: steps of a rotation that repeat, stream records that are lost or come twice, senders that
 * are killed, a mail service that throttles or loses its answers, and clocks that jump. Each notice that was caused goes
 * out exactly once.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MailNotice, NoticeState, StoredNotice } from '../../../lambdas/core/domain/notice.ts';
import { afterMailEvent } from '../../../lambdas/core/domain/notice-fate.ts';
import type { DueListing, NoticeRef } from '../../../lambdas/core/ports/notices.ts';
import { resendParked } from '../../../lambdas/core/use-cases/resend-notice.ts';
import type { SendManyDeps } from '../../../lambdas/core/use-cases/send-lane.ts';
import { sendDueNotices, sendNotices } from '../../../lambdas/core/use-cases/send-notices.ts';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { FakeSes, type Mood, type TakenMail } from '../../support/fake-ses.ts';
import { Execution, type StepName } from '../../support/machine.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryWorld } from '../../support/memory-world.ts';

const STEPS: readonly StepName[] = [
  'begin',
  'generate',
  'verify',
  'activate',
  'deliver',
  'judge',
  'judge',
  'judge',
  'retire',
];

type Op =
  /** The next step of the rotation, or the last one again, or the one before that. */
  | { readonly op: 'step'; readonly back: number }
  /** What was written since the stream was read last: each record so many times, to a sender of its own. */
  | { readonly op: 'stream'; readonly times: readonly number[]; readonly moods: readonly Mood[] }
  /** So many minutes pass, and the schedule looks. */
  | { readonly op: 'look'; readonly minutes: number; readonly moods: readonly Mood[] };

const moods = fc.array(
  fc.constantFrom<Mood>('takes', 'throttles', 'refuses', 'lost', 'killed', 'dies', 'down'),
  { maxLength: 4 },
);
const story = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ op: fc.constant('step' as const), back: fc.constantFrom(0, 0, 0, 1, 2) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constant('stream' as const),
        times: fc.array(fc.nat(3), { maxLength: 6 }),
        moods,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constant('look' as const),
        minutes: fc.constantFrom(0, 1, 3, 30, 1_500),
        moods,
      }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

class Story {
  readonly world = new MemoryWorld();
  readonly outbox = new MemoryOutbox(this.world.table);
  readonly ses = new FakeSes();
  #execution: Execution | undefined;
  #step = 0;
  #shown = new Set<string>();
  /** Mails that the service has not told of yet, with when it does. */
  #untold: { readonly mail: TakenMail; readonly atMs: number }[] = [];
  #told = 0;

  async begin(): Promise<void> {
    const { keyId } = await this.world.issue();
    this.#execution = new Execution(this.world, keyId);
  }

  async play(op: Op): Promise<void> {
    if (op.op === 'step') return this.#step_(op.back);
    this.#feel(op.moods);
    if (op.op === 'stream') return this.#stream(op.times);
    await this.pass(op.minutes * MINUTE_MS);
    await this.look();
  }

  /** Time passes, and the service tells of its mails on the way, within minutes of each. */
  async pass(milliseconds: number): Promise<void> {
    const untilMs = this.world.clock.nowMs + milliseconds;
    for (const mail of this.ses.taken.slice(this.#told)) {
      this.#untold.push({ mail, atMs: this.world.clock.nowMs + (this.#untold.length % 4) * MINUTE_MS });
    }
    this.#told = this.ses.taken.length;
    for (const { mail } of this.#untold.filter(({ atMs }) => atMs <= untilMs)) await this.#tell(mail);
    this.#untold = this.#untold.filter(({ atMs }) => atMs > untilMs);
    this.world.clock.nowMs = untilMs;
  }

  async look(): Promise<void> {
    const deps = this.#sender();
    await sendDueNotices(deps, this.world.clock.nowMs + MINUTE_MS).catch((error: Error) =>
      expect(error.message).toBe('dead'),
    );
  }

  /** All goes well from here on. */
  async settle(): Promise<void> {
    this.ses.mood = () => 'takes';
    for (let round = 0; round < 400; round += 1) {
      await this.pass(10 * MINUTE_MS);
      await resendParked({ outbox: this.outbox, clock: this.world.clock.read });
      await this.look();
      if (this.states().every(({ status }) => status === 'sent')) return;
    }
  }

  states(): readonly NoticeState[] {
    return [...this.world.table.notices.values()].map(({ state }) => state);
  }

  async #step_(back: number): Promise<void> {
    const at = Math.max(0, this.#step - back);
    const step = STEPS[at];
    if (!step || !this.#execution) return;
    if (step === 'judge') {
      const { rotation } = this.world.record(this.#execution.keyId);
      await this.pass(Math.max(0, (rotation?.gracePeriodEndsAtMs ?? 0) - this.world.clock.nowMs) / 2);
    }
    // What a step refuses, for coming too early or again, changes nothing.
    await this.#execution.run(step).catch(() => undefined);
    if (back === 0) this.#step += 1;
  }

  async #stream(times: readonly number[]): Promise<void> {
    const fresh = [...this.world.table.notices].filter(([name]) => !this.#shown.has(name));
    for (const [at, [name, { notice }]] of fresh.entries()) {
      this.#shown.add(name);
      const again = Array.from({ length: times[at] ?? 1 }, () =>
        sendNotices(this.#sender(), [notice], Infinity),
      );
      await Promise.all(again);
    }
  }

  #feel(list: readonly Mood[]): void {
    const left = [...list];
    this.ses.mood = () => left.shift() ?? 'takes';
  }

  /** A process of its own: once it is killed it writes nothing more. */
  #sender(): SendManyDeps & { readonly outbox: MemoryOutbox } {
    let isDead = false;
    const alive = <Result>(act: () => Promise<Result>) =>
      isDead ? Promise.reject(new Error('dead')) : act();
    const outbox = {
      find: (ref: NoticeRef) => alive(() => this.outbox.find(ref)),
      move: (stored: StoredNotice, next: NoticeState) => alive(() => this.outbox.move(stored, next)),
      due: (listing: DueListing) => alive(() => this.outbox.due(listing)),
    } as MemoryOutbox;
    return {
      outbox,
      senders: { mail: this.ses },
      clock: this.world.clock.read,
      random: () => 0.5,
      sleep: async () => undefined,
      restUntilMs: new Map(),
      onFailure: (_ref, error) => {
        if ((error as Error).name === 'Killed') isDead = true;
      },
    };
  }

  async #tell({ name, attempt, receipt }: TakenMail): Promise<void> {
    const stored = this.world.table.notices.get(name) as StoredNotice;
    const atMs = this.world.clock.nowMs;
    const next = afterMailEvent(stored.state, { fate: 'sent', attempt, receipt, atMs });
    if (next) expect(await this.outbox.move(stored, next)).toBe('moved');
  }
}

it('every notice that is caused goes out once, and none of what nobody caused', async () => {
  const seen = { killed: 0, parked: 0, retried: 0 };
  await fc.assert(
    fc.asyncProperty(story, async (ops) => {
      const told = new Story();
      await told.begin();
      for (const op of ops) {
        await told.play(op as Op);
        if (told.states().some(({ status }) => status === 'sending')) seen.killed += 1;
        if (told.states().some(({ status }) => status === 'parked')) seen.parked += 1;
      }
      await told.settle();

      const caused = [...told.world.table.notices.keys()].sort();
      expect(told.states().filter(({ status }) => status !== 'sent')).toEqual([]);
      expect(told.ses.taken.map(({ name }) => name).sort()).toEqual(caused);
      if (told.states().some(({ attempts }) => attempts > 1)) seen.retried += 1;
      const started = [...told.world.table.notices.values()].filter(
        ({ notice }) => (notice as MailNotice).kind === 'rotation-started',
      );
      expect(started.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
  // Stories in which nothing goes wrong would prove nothing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});
