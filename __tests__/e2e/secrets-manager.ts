/** AWS Secrets Manager in small: one secret, by the JSON protocol. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SecretsManager extends AsyncDisposable {
  /** For AWS_ENDPOINT_URL_SECRETS_MANAGER. */
  readonly url: string;
  readonly asked: readonly string[];
}

/** Answers GetSecretValue with `value`; a string is an AWS error code instead. */
export async function startSecretsManager(value: object | string): Promise<SecretsManager> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target']);
    asked.push(target);
    const denied = typeof value === 'string';
    response.writeHead(denied ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify(
        denied
          ? { __type: value, Message: `not authorized to perform: secretsmanager:GetSecretValue` }
          : { ARN: 'arn', Name: 'shop', SecretString: JSON.stringify(value) },
      ),
    );
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
