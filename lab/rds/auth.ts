import { RdsError } from './errors.ts';

const SIGV4 =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Checks that the request is signed for this service and Region. The signature itself is not verified. */
export const checkSigned = (header: string | undefined, region: string): void => {
  if (header === undefined || header === '') {
    throw new RdsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  const [, , , signedRegion, service] = SIGV4.exec(header) ?? [];
  if (service === undefined)
    throw new RdsError('IncompleteSignature', 'Authorization header is not a SigV4 signature.', 400);
  if (signedRegion !== region || service !== 'rds') {
    throw new RdsError(
      'SignatureDoesNotMatch',
      `Credential should be scoped to a valid region and service, not '${signedRegion}/${service}'.`,
      403,
    );
  }
};
