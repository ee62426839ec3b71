import { expect, test } from 'vitest';
import { asSentence } from '../../../lambdas/core/domain/as-sentence.ts';

test.each([
  ['Leaked', 'Leaked.'],
  ['The pepper secret is not a JSON object.', 'The pepper secret is not a JSON object.'],
  ['Was it you?', 'Was it you?'],
  ['It was cut…', 'It was cut…'],
])('%j ends as %j', (words, sentence) => expect(asSentence(words)).toBe(sentence));
