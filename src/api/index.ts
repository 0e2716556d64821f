export { createApi } from './create-api';
export { ACCESS, type Access, type Operation } from './access';
export { bearerJwt, ALGORITHMS, type ClaimNames, type JwtOptions, type KeySet } from './jwt';
export { ROLES, type Authenticate, type Identity, type Role } from './identity';
export { type ApiOptions, type CommandRecord, type LiveOptions, type TeamChanges } from './options';
export { Problem, PROBLEMS, type FaultIn, type ProblemOptions, type ProblemSlug } from './problem';
