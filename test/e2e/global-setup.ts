/** Gives the end-to-end tests a local cloud of their own, apart from the one that a developer may have up. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { runningCloud, takeDown } from '../../local/down.ts';
import { freePort } from '../../local/free-port.ts';
import { terminalProgress } from '../../local/progress.ts';
import { CHECKOUT, type LocalCloud, stateDirectory } from '../../local/state.ts';
import { bringUp } from '../../local/up.ts';
import { type Certificate, newAuthority } from '../support/certificates.ts';
import { TEST_POLICIES } from './support/policies.ts';
import { RECEIVER_ADDRESS } from './support/receiver-address.ts';
import { VAULT_CREDENTIALS } from './support/vault-secret.ts';

const FIRST_VAULT_PORT = 18_900;
/** Nobody listens there until a test does: runs that start at once must not find the same one free. */
const VAULT_PORTS = 200;
const RUNS = join(CHECKOUT, '.keyturn', 'test');

declare module 'vitest' {
  interface ProvidedContext {
    /** What `local.json` says of the local cloud under test. */
    localCloud: LocalCloud;
    /** Where the deployed functions expect a vault, which a test starts there; 0: nowhere. */
    vaultPort: number;
    /** Of receivers of webhooks, by an authority that the deployed functions trust; undefined: they trust none of ours. */
    webhookCertificate: Certificate | undefined;
  }
}

/** With KEYTURN_TEST_REUSE=1 the developer's own local cloud is tested as it stands, which saves its start. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env.KEYTURN_TEST_REUSE === '1') {
    const running = await runningCloud(stateDirectory());
    project.provide('vaultPort', 0);
    project.provide('webhookCertificate', undefined);
    if (running) return void project.provide('localCloud', running);
  }
  await removeEndedRuns();
  const directory = join(RUNS, String(process.pid));
  const vaultPort = await freePort(FIRST_VAULT_PORT + (process.pid % VAULT_PORTS));
  project.provide('vaultPort', vaultPort);
  const authority = newAuthority();
  const webhookAuthority = join(directory, 'webhook-authority.pem');
  mkdirSync(directory, { recursive: true });
  writeFileSync(webhookAuthority, authority.cert);
  project.provide('webhookCertificate', authority.issue([`IP:${RECEIVER_ADDRESS}`]));
  const policies = join(directory, 'policies.json');
  writeFileSync(policies, JSON.stringify(TEST_POLICIES));
  const context = {
    policies,
    vaultAddress: `http://127.0.0.1:${vaultPort}`,
    vaultCredentials: VAULT_CREDENTIALS,
    webhookPrivateAddresses: 'yes',
    webhookAuthority,
  };
  const options = { directory, progress: terminalProgress(), ownerPid: process.pid, context };
  // Inherited by the tests, so that a `keyturn --local` they start finds this local cloud.
  process.env.KEYTURN_STATE_DIR = directory;
  project.provide('localCloud', await bringUp(options));
  return async () => void (await takeDown(options));
}

/** A run's files stay for reading its logs until the next run. */
async function removeEndedRuns(): Promise<void> {
  mkdirSync(RUNS, { recursive: true });
  const ended = readdirSync(RUNS).filter((run) => !isAlive(Number(run)));
  for (const directory of ended.map((run) => join(RUNS, run))) {
    await takeDown({ directory, progress: terminalProgress() });
    rmSync(directory, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
