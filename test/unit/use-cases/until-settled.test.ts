import { expect, it } from 'vitest';
import { WriteContention } from '../../../lambdas/core/domain/errors.ts';
import { AGAIN, CHAIN_ATTEMPTS, untilSettled } from '../../../lambdas/core/use-cases/until-settled.ts';

/** Loses so many races, then answers. */
function losing<Answer>(races: number, answer: Answer) {
  const attempt = async () => {
    attempt.made += 1;
    return attempt.made > races ? answer : AGAIN;
  };
  attempt.made = 0;
  return attempt;
}

const said = (attempts: number) => `It changed ${attempts} times.`;

it.each([[0], [1], [5]])('answers what the attempt answers that comes after %i lost races', async (races) => {
  const attempt = losing(races, 'done');
  expect(await untilSettled(attempt, said)).toBe('done');
  expect(attempt.made).toBe(races + 1);
});

it.each([[undefined], [false], [null]])('takes %j for an answer', async (answer) => {
  const attempt = losing(0, answer);
  expect(await untilSettled(attempt, said)).toBe(answer);
  expect(attempt.made).toBe(1);
});

it.each([
  ['six', undefined, 6],
  ['as many as are given', CHAIN_ATTEMPTS, CHAIN_ATTEMPTS],
])('gives up after %s lost races, and says how many', async (_, attempts, made) => {
  const attempt = losing(made, 'done');
  const given = untilSettled(attempt, said, attempts);
  await expect(given).rejects.toThrow(new WriteContention(`It changed ${made} times.`));
  await expect(given).rejects.toBeInstanceOf(WriteContention);
  expect(attempt.made).toBe(made);
});

it('passes on at once what an attempt throws', async () => {
  let made = 0;
  const attempt = async () => {
    made += 1;
    throw new TypeError('broken');
  };
  await expect(untilSettled(attempt, said)).rejects.toThrow(new TypeError('broken'));
  expect(made).toBe(1);
});
