import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { checkSigned } from './auth.ts';
import { RdsError } from './errors.ts';
import { type Denial, type Faults, faultError } from './faults.ts';
import { type FlatParams, paramsOf } from './params.ts';
import { ROUTES } from './router.ts';
import { arnOf, type State } from './state.ts';
import type { RecordedCall } from './types.ts';
import { answer, errorAnswer } from './xml.ts';

const VERSION = '2014-10-31';

type Request = { readonly action: string; readonly version: string; readonly params: FlatParams };

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

const parse = (body: string): Request => {
  const {
    Action: action = '',
    Version: version = '',
    ...params
  } = Object.fromEntries(new URLSearchParams(body));
  return { action, version, params };
};

/** The resource that an access-denied text names: the one in the request, or all of its kind. */
const resourceOf = (state: State, params: FlatParams): string => {
  const arn = params.ResourceName;
  if (arn !== undefined) return arn;
  const proxy = params.DBProxyName;
  if (proxy !== undefined) return arnOf(state, 'db-proxy', proxy);
  const snapshot = params.DBSnapshotIdentifier;
  if (snapshot !== undefined) return arnOf(state, 'snapshot', snapshot);
  const clusterSnapshot = params.DBClusterSnapshotIdentifier;
  if (clusterSnapshot !== undefined) return arnOf(state, 'cluster-snapshot', clusterSnapshot);
  const cluster = params.DBClusterIdentifier ?? params.SourceDBClusterIdentifier;
  if (cluster !== undefined && params.DBInstanceIdentifier === undefined)
    return arnOf(state, 'cluster', cluster);
  return arnOf(state, 'db', params.DBInstanceIdentifier ?? params.SourceDBInstanceIdentifier ?? '*');
};

/** Runs the action. Whatever the lab does not know is an error and is kept for the test to see. */
const perform = (state: State, { action, version, params }: Request): string => {
  const route = ROUTES[action];
  if (route === undefined || version !== VERSION) {
    state.violations.push(`unknown action ${action} (version ${version})`);
    throw new RdsError('InvalidAction', `Could not find operation ${action} for version ${version}`);
  }
  const unknown = Object.keys(params).filter((key) => !route.parameters.includes(key.split('.')[0] ?? ''));
  if (unknown.length > 0) {
    state.violations.push(`unknown parameters of ${action}: ${unknown.join(', ')}`);
    throw new RdsError('UnknownParameter', `Unknown parameters for ${action}: ${unknown.join(', ')}`);
  }
  return answer(action, route.run(state, paramsOf(params)), randomUUID());
};

const asRdsError = (error: unknown): RdsError =>
  error instanceof RdsError ? error : new RdsError('InternalFailure', `lab: ${String(error)}`, 500);

const send = (response: ServerResponse, status: number, xml: string): void => {
  response.writeHead(status, { 'Content-Type': 'text/xml', 'x-amzn-RequestId': randomUUID() });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
};

type Context = { readonly state: State; readonly faults: Faults; readonly calls: RecordedCall[] };

const respond = (
  { state, faults }: Context,
  asked: Request,
  call: RecordedCall,
  response: ServerResponse,
): void => {
  const kind = faults.next(asked.action, asked.params);
  if (kind === 'timeout' || kind === 'reset') {
    call.result = 'cut';
    if (kind === 'reset') response.socket?.resetAndDestroy();
    return;
  }
  const denial: Denial = {
    action: asked.action,
    resource: resourceOf(state, asked.params),
    accountId: state.accountId,
  };
  const fault = kind === undefined ? undefined : faultError(kind, denial);
  if (fault !== undefined) throw fault;
  const xml = perform(state, asked);
  if (kind === 'lost-answer') {
    call.result = 'cut';
    response.socket?.resetAndDestroy();
    return;
  }
  call.result = 'ok';
  send(response, 200, xml);
};

const onRequest = async (
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const asked = parse(await bodyOf(request));
  const call: RecordedCall = { action: asked.action, params: asked.params, at: new Date(), result: 'cut' };
  context.calls.push(call);
  try {
    if (request.method !== 'POST') throw new RdsError('InvalidAction', 'Only POST is imitated.');
    checkSigned(request.headers.authorization, context.state.region);
    respond(context, asked, call, response);
  } catch (error) {
    const known = asRdsError(error);
    if (
      known.code === 'LabNotImplemented' ||
      (known.code === 'InternalFailure' && known.message.startsWith('lab:'))
    ) {
      context.state.violations.push(`${asked.action}: ${known.message}`);
    }
    call.result = known.code;
    send(response, known.status, errorAnswer(known, randomUUID()));
  }
};

/** Starts the endpoint on 127.0.0.1 and resolves with it and its port. */
export const startServer = (
  context: Context,
  port: number,
): Promise<{ readonly server: Server; readonly port: number }> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      onRequest(context, request, response).catch(() => response.destroy());
    });
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });

export const stopServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
