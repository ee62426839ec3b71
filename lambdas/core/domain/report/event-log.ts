/** What the events of a period are: how many, which, by whom. */
import { createHash } from 'node:crypto';
import { type AuditEvent, KEY_CHAIN_PREFIX } from '../audit-event.ts';
import { iso } from '../iso-time.ts';
import type { ActorRow, EventFigures, EventMark, SecurityRow } from './report.ts';
import { Tally } from './tally.ts';

interface Span {
  first: number;
  last: number;
  count: number;
}

interface Doings {
  readonly principal: string;
  readonly proven: boolean | null;
  readonly via: string;
  readonly firstAtMs: number;
  lastAtMs: number;
  events: number;
  unsuccessful: number;
  readonly actions: Tally;
}

interface Incident {
  readonly event: AuditEvent;
  count: number;
  requests: number;
  lastAtMs: number;
}

const OTHERS: readonly string[] = ['renewal.refused', 'claim.refused', 'audit.chain-broken'];
const isSecurity = (action: string): boolean => action.startsWith('security.') || OTHERS.includes(action);

/** A rotation's steps are each one's execution: named apart, there would be as many actors as rotations. */
const viaOf = (via: string): string => via.replace(/^(execution|emergency|run)\/.*$/s, '$1');

export class EventLog {
  readonly #hash = createHash('sha256');
  readonly #chains = new Map<string, Span>();
  readonly #actions = new Tally();
  readonly #actors = new Map<string, Doings>();
  readonly #incidents = new Map<string, Incident>();
  #count = 0;
  #first: EventMark | null = null;
  #last: EventMark | null = null;

  add(event: AuditEvent): void {
    const { atMs, chain, sequence, hash, action } = event;
    this.#count += 1;
    this.#hash.update(`${hash}\n`);
    this.#last = { at: iso(atMs), chain, sequence, hash };
    this.#first ??= this.#last;
    this.#actions.add(action);
    this.#widen(chain, sequence);
    this.#noteActor(event);
    if (isSecurity(action)) this.#noteIncident(event);
  }

  #widen(chain: string, sequence: number): void {
    const span = this.#chains.get(chain);
    if (!span) {
      this.#chains.set(chain, { first: sequence, last: sequence, count: 1 });
      return;
    }
    // Clocks of several writers may differ: a chain's events are not always in the order of their times.
    span.first = Math.min(span.first, sequence);
    span.last = Math.max(span.last, sequence);
    span.count += 1;
  }

  #noteActor({ actor, atMs, outcome, action }: AuditEvent): void {
    const via = viaOf(actor.via);
    const { principal, proven = null } = actor;
    const name = JSON.stringify([principal, proven, via]);
    const fresh = { principal, proven, via, firstAtMs: atMs, actions: new Tally() };
    const doings = this.#actors.get(name) ?? { ...fresh, lastAtMs: atMs, events: 0, unsuccessful: 0 };
    this.#actors.set(name, doings);
    doings.events += 1;
    doings.unsuccessful += outcome === 'success' ? 0 : 1;
    doings.lastAtMs = atMs;
    doings.actions.add(action);
  }

  #noteIncident(event: AuditEvent): void {
    const name = `${event.action} ${event.chain}`;
    const incident = this.#incidents.get(name) ?? { event, count: 0, requests: 0, lastAtMs: event.atMs };
    this.#incidents.set(name, incident);
    incident.count += 1;
    // One event may stand for many requests of a window: a flood is not written down one by one.
    incident.requests += Number(event.detail['requests'] ?? 1);
    incident.lastAtMs = event.atMs;
  }

  /** Keys that something happened to. */
  keyIds(): readonly string[] {
    return [...this.#chains.keys()].flatMap((chain) =>
      chain.startsWith(KEY_CHAIN_PREFIX) ? chain.slice(KEY_CHAIN_PREFIX.length) : [],
    );
  }

  figures(): EventFigures {
    const spans = [...this.#chains.values()];
    return {
      count: this.#count,
      chains: spans.length,
      first: this.#first,
      last: this.#last,
      sha256: this.#hash.copy().digest('hex'),
      missing: spans.reduce((sum, { first, last, count }) => sum + Math.max(0, last - first + 1 - count), 0),
      actions: this.#actions.rows(),
    };
  }

  actors(): readonly ActorRow[] {
    return [...this.#actors.values()]
      .map(({ firstAtMs, lastAtMs, actions, ...rest }) => ({
        ...rest,
        firstAt: iso(firstAtMs),
        lastAt: iso(lastAtMs),
        actions: actions.rows(),
      }))
      .sort((one, other) => other.events - one.events);
  }

  security(): readonly SecurityRow[] {
    return [...this.#incidents.values()].map(({ event, count, requests, lastAtMs }) => ({
      action: event.action,
      chain: event.chain,
      owner: event.owner ?? null,
      count,
      requests,
      firstAt: iso(event.atMs),
      lastAt: iso(lastAtMs),
    }));
  }
}
