import type { Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { MAX_ROLES } from './roles.ts'

/** Figures of the account; the quotas are AWS's defaults (IAM user guide, IAM and STS quotas). */
export const summaryActions = ({ store }: Context) => ({
  GetAccountSummary: (async () => {
    const { users, roles, profiles, policies } = store.value
    return {
      SummaryMap: {
        Users: users.length,
        UsersQuota: 5000,
        Roles: roles.length,
        RolesQuota: MAX_ROLES,
        InstanceProfiles: profiles.length,
        InstanceProfilesQuota: 1000,
        Policies: policies.length,
        PoliciesQuota: 1500,
        Groups: 0,
        GroupsQuota: 300,
        AccessKeysPerUserQuota: 2,
        AttachedPoliciesPerRoleQuota: 10,
        AttachedPoliciesPerUserQuota: 10,
        AccountMFAEnabled: 1,
        AccountAccessKeysPresent: 0,
      },
    }
  }) satisfies Action<object>,
})
