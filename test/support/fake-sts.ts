/** The Security Token Service on loopback: it knows one principal's secret, and checks signatures as AWS does. */
import type { IncomingMessage } from 'node:http';
import aws4 from 'aws4';
import { LoopbackService } from './loopback-service.ts';

export const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'a-session-token',
} as const;
export const KIM = 'arn:aws:sts::123456789012:assumed-role/operator/kim@example.com';

export class FakeSts extends LoopbackService {
  readonly requests: { readonly host: string; readonly body: string }[] = [];
  /** Of whom it speaks. */
  arn: string = KIM;
  /** Instead of an answer. */
  fault: { readonly statusCode: number; readonly text?: string } | 'no-answer' | undefined;

  private constructor() {
    super((request, body, response) => {
      this.requests.push({ host: String(request.headers.host), body });
      if (this.fault === 'no-answer') return;
      const answer = this.fault ?? this.#answer(request, body);
      response.writeHead(answer.statusCode, { 'content-type': 'text/xml' });
      response.end(answer.text ?? '');
    });
  }

  static start(): Promise<FakeSts> {
    return new FakeSts().listening();
  }

  #answer(
    { headers }: IncomingMessage,
    body: string,
  ): { readonly statusCode: number; readonly text: string } {
    const { authorization, connection: _ours, ...signed } = headers as Record<string, string>;
    const region = /\/([^/]+)\/sts\//.exec(String(authorization))?.[1] ?? '';
    const again = aws4.sign(
      { service: 'sts', region, method: 'POST', path: '/', headers: signed, body },
      CREDENTIALS,
    );
    if (again.headers?.['Authorization'] !== authorization)
      return { statusCode: 403, text: '<ErrorResponse><Code>SignatureDoesNotMatch</Code></ErrorResponse>' };
    const account = this.arn.split(':')[4];
    return {
      statusCode: 200,
      text: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>${this.arn}</Arn><UserId>AROA:kim</UserId><Account>${account}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`,
    };
  }
}
