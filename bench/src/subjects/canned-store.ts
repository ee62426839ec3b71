/**
 * A store that does nothing: answers each operation of AWS's JSON protocol with the one answer that was recorded for it,
 * at once or always after the same time. What an authorizer spends beyond that is its own.
 */
import http from 'node:http';

const answers: Readonly<Record<string, string>> = JSON.parse(process.env['BENCH_ANSWERS'] ?? '{}');
const latencyMs = Number(process.env['BENCH_LATENCY_MS'] ?? '0');

const server = http.createServer((request, response) => {
  const answer = answers[String(request.headers['x-amz-target'])];
  const body = answer ?? '{"__type":"UnknownOperationException"}';
  const respond = () => {
    response.writeHead(answer === undefined ? 400 : 200, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
  request.resume();
  request.on('end', latencyMs > 0 ? () => setTimeout(respond, latencyMs) : respond);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('disconnect', () => process.exit(0));
