/** How a client of a service is made that sends: it asks once, and does not wait for an answer that does not come. */

const CONNECT_MS = 3_000;
/** Far below what a function may run: who sends must live to say that it does not know what became of the try. */
const ANSWER_MS = 10_000;

/** For services that know no token: a second try of the client's own would send again what the first may have sent. */
export const singleTry = (answerMs = ANSWER_MS) => ({
  maxAttempts: 1,
  requestHandler: {
    connectionTimeout: CONNECT_MS,
    requestTimeout: answerMs,
    throwOnRequestTimeout: true,
  },
});
