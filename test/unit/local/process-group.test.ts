import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endGroup, hasArgument } from '../../../local/process-group.ts';

/** A process that ignores SIGTERM, with a child in its group. */
async function stubbornGroup(): Promise<{ leader: number; child: number }> {
  const program = `
    process.on('SIGTERM', () => {});
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    console.log(child.pid);
    setTimeout(() => {}, 60000);`;
  const leader = spawn(process.execPath, ['-e', program, 'marker-1'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [child] = await once(leader.stdout, 'data');
  return { leader: leader.pid ?? 0, child: Number(child) };
}

describe('processes', () => {
  it('are told apart by an argument, and end with their children even when they ignore the request', async () => {
    const { leader, child } = await stubbornGroup();
    expect(hasArgument(leader, 'marker-1')).toBe(true);
    expect(hasArgument(leader, 'marker-2')).toBe(false);

    await endGroup(leader, 100);

    expect(() => process.kill(leader, 0)).toThrow('ESRCH');
    expect(() => process.kill(child, 0)).toThrow('ESRCH');
    expect(hasArgument(leader, 'marker-1')).toBe(false);
    await expect(endGroup(leader)).resolves.toBeUndefined();
  });
});
