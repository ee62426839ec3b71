// better-auth's API key plugin as a subject of the benchmark: `handler` verifies one key.
// BETTER_AUTH_STORE chooses where its keys lie: memory, secondary or sqlite.
import { randomBytes } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getMigrations } from 'better-auth/db/migration';

const store = process.env.BETTER_AUTH_STORE;

const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: randomBytes(32).toString('base64'),
  telemetry: { enabled: false },
  database: await database(),
  ...(store === 'secondary' ? { secondaryStorage: mapStorage() } : {}),
  plugins: [
    apiKey({
      // Keyturn limits no rates either, and on it costs one more write a request.
      rateLimit: { enabled: false },
      ...(store === 'secondary' ? { storage: 'secondary-storage' } : {}),
    }),
  ],
});
if (store === 'sqlite') await (await getMigrations(auth.options)).runMigrations();

const { internalAdapter } = await auth.$context;
const user = await internalAdapter.createUser({
  email: 'team@example.com',
  name: 'bench',
  emailVerified: true,
});
const { key } = await auth.api.createApiKey({ body: { userId: user.id, name: 'bench' } });

export async function handler() {
  const { valid } = await auth.api.verifyApiKey({ body: { key } });
  if (!valid) throw new Error('better-auth refused its own key.');
  return valid;
}

async function database() {
  if (store !== 'sqlite') {
    return memoryAdapter({ user: [], session: [], account: [], verification: [], apikey: [] });
  }
  const { default: Database } = await import('better-sqlite3');
  // In memory: the fastest that SQLite can be.
  return new Database(':memory:');
}

/** The interface of a cache such as Redis, as a map in the same process. */
function mapStorage() {
  const values = new Map();
  return {
    get: (name) => values.get(name) ?? null,
    set: (name, value) => void values.set(name, value),
    delete: (name) => void values.delete(name),
  };
}
