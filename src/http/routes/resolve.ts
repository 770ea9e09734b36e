import { Hono, type Context, type Env } from 'hono';
import {
  contextAnswer,
  describeModel,
  isDrifted,
  resolutionAnswer,
  rolesAnswer,
  type DescribedModel,
} from '../../catalog/describe-model.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import { PaddockError } from '../../errors.ts';
import { parseModelQuery } from '../../gateway/model-query.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ResolvedModel } from '../../resolve/resolve-model.ts';
import { isRole, pickRole, ROLE_VARIABLES, ROLES, type Role } from '../../resolve/roles.ts';
import type { ValueOf } from '../../schema.ts';
import { toBackground } from '../background.ts';
import { describe, idErrors, jsonAnswer } from '../openapi/describe.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import type { QueryInput } from './query-input.ts';
import type { ResolveNoted } from '../note-bare-id.ts';
import type { Access } from '../middleware/require-key.ts';
import { requireProviders } from '../view.ts';

const TAG = 'catalog';
const INVALID_QUERY =
  'Send either a model or a role: /api/resolve?model=provider/model or /api/resolve?role=default.';
const MODEL_MISSING = 'The query names no model: send /api/context?model=provider/model.';
const UNKNOWN_ROLE = `The role is unknown. The roles are ${ROLES.join(', ')}.`;

/** Creates the routes that resolve IDs and roles by the last snapshot. Only `/api/context` waits for one. */
export function resolveRoutes(options: {
  settings: Settings;
  snapshots: SnapshotSource;
  access: Pick<Access, 'toCaller'>;
  resolveNoted: ResolveNoted;
}) {
  const { settings, snapshots, access, resolveNoted } = options;
  const { registry, roles } = settings;

  /** Returns the function that describes models to the caller. */
  const toDescribe = (c: Context, snapshot: Snapshot | null) => {
    const { seesAddresses } = access.toCaller(c);
    return (resolved: ResolvedModel): DescribedModel => {
      const described = describeModel(resolved, { registry, snapshot });
      return seesAddresses ? described : { ...described, upstream: null };
    };
  };
  const toDescribeRole = (c: Context, snapshot: Snapshot | null) => {
    const describeVisible = toDescribe(c, snapshot);
    return (resolved: ResolvedModel): DescribedModel => ({
      ...describeVisible(resolved),
      ...(isDrifted(resolved, snapshot) && { drift: true as const }),
    });
  };

  return new Hono()
    .get(
      '/api/resolve',
      describe(
        {
          tag: TAG,
          summary: 'The provider and model that an ID or a role means',
          parameters: [PARAMETERS.ModelToResolve, PARAMETERS.Role],
          answers: { 200: jsonAnswer('The provider and model', resolutionAnswer) },
          errors: [...idErrors, 'invalid_request', 'model_required'],
        },
        (c: Context<Env, '/api/resolve', QueryInput<{ model?: string; role?: string }>>) => {
          requireProviders(settings);
          const model = readModel(c);
          const role = readRole(c);
          if ((model === null) === (role === null)) {
            throw new PaddockError('invalid_request', INVALID_QUERY, { param: 'model' });
          }
          const snapshot = snapshots.peek(toBackground(c));
          if (model !== null) {
            const resolved = resolveNoted(c, model);
            return c.json<DescribedModel>(toDescribe(c, snapshot)(resolved), 200);
          }
          const resolved = role === null ? null : pickRole(role, roles);
          if (resolved === null) {
            throw new PaddockError('model_required', toUnset(role ?? 'default'), { param: 'role' });
          }
          return c.json<DescribedModel>(toDescribeRole(c, snapshot)(resolved), 200);
        },
      ),
    )
    .get(
      '/api/roles',
      describe(
        {
          tag: TAG,
          summary: 'The model of each role',
          answers: { 200: jsonAnswer('The roles', rolesAnswer) },
          errors: ['no_providers'],
        },
        (c) => {
          requireProviders(settings);
          const snapshot = snapshots.peek(toBackground(c));
          const toRole = toDescribeRole(c, snapshot);
          const one = (resolved: ResolvedModel | null) =>
            resolved === null ? null : toRole(resolved);
          const answer = {
            default: one(roles.default),
            task: one(roles.task),
            compaction: one(roles.compaction),
            arena: roles.arena.map((resolved) => toRole(resolved)),
          };
          return c.json<ValueOf<typeof rolesAnswer>>({ roles: answer }, 200);
        },
      ),
    )
    .get(
      '/api/context',
      describe(
        {
          tag: TAG,
          summary: 'The context window of a model',
          parameters: [PARAMETERS.RequiredModelInQuery],
          answers: { 200: jsonAnswer('Its context window', contextAnswer) },
          errors: [...idErrors, 'invalid_request'],
        },
        async (c: Context<Env, '/api/context', QueryInput<{ model: string }>>) => {
          requireProviders(settings);
          const model = readModel(c);
          if (model === null) {
            throw new PaddockError('invalid_request', MODEL_MISSING, { param: 'model' });
          }
          const background = toBackground(c);
          // Wait for the first snapshot: a client that asks only once would keep "unknown".
          const snapshot = await snapshots.current(background);
          const resolved = resolveNoted(c, model);
          const { id, contextWindow, contextSource } = describeModel(resolved, {
            registry,
            snapshot,
          });
          return c.json<ValueOf<typeof contextAnswer>>({ id, contextWindow, contextSource }, 200);
        },
      ),
    );
}

function readModel(c: Context): string | null {
  return parseModelQuery(new URL(c.req.url).search).model;
}

function readRole(c: Context): Role | null {
  const [role, ...others] = c.req.queries('role') ?? [];
  if (role === undefined) return null;
  if (others.length > 0 || !isRole(role)) {
    throw new PaddockError('invalid_request', UNKNOWN_ROLE, { param: 'role' });
  }
  return role;
}

function toUnset(role: Role): string {
  const fallsBack = role === 'task' || role === 'compaction';
  const or = fallsBack ? ` or ${ROLE_VARIABLES.default}` : '';
  return `No model has the role ${role}: set ${ROLE_VARIABLES[role]}${or}.`;
}
