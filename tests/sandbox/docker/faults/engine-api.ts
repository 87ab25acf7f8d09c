import { request } from 'node:http';

/** One call straight to an engine, past the client that is tested; the answer's JSON, or its text. */
export function engineApi(
  socketPath: string,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly json: unknown }> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const call = request(
      {
        socketPath,
        method,
        path,
        agent: false,
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) },
      },
      (response) => {
        response.toArray().then((chunks: Buffer[]) => {
          const answer = Buffer.concat(chunks).toString();
          let json: unknown = answer;
          try {
            json = JSON.parse(answer);
          } catch {
            // Some answers are empty, or plain text.
          }
          resolve({ status: response.statusCode ?? 0, json });
        }, reject);
      },
    );
    call.once('error', reject);
    call.end(text);
  });
}

/** IDs of the containers, running or not, that have all these labels. */
export async function containersWith(
  socketPath: string,
  ...labels: readonly string[]
): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: labels }));
  const { json } = await engineApi(socketPath, 'GET', `/containers/json?all=1&filters=${filters}`);
  return (json as readonly { readonly Id: string }[]).map(({ Id }) => Id);
}

/** The path in `unix:///…`. */
export function socketPathOf(host: string): string {
  return host.replace(/^unix:\/\//, '');
}
