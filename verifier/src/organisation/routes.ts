import { readOrganisation } from '@wegwijzer/organisation'
import { type Door, OrganisationParams } from '@wegwijzer/server'
import { Problem } from '@wegwijzer/server/problem'
import type { VerifierContext } from '../context.ts'
import { sendPage } from '../page.ts'
import { listPolicies } from '../policy/store.ts'
import { deletionPage, privacyPage, servicePage } from './information-pages.ts'
import { parseVerifierProfile } from './profile.ts'

/** The pages that a registration certificate links to, by the relative addresses in the policies. */
const PAGES = { privacy: privacyPage, verwijderen: deletionPage, informatie: servicePage } as const

/** What a worker may read of each organisation before sharing anything. */
export function addInformationRoutes(door: Door, { db }: VerifierContext): void {
  for (const [path, makePage] of Object.entries(PAGES)) {
    door.get(`/:organisation/${path}`, { schema: { params: OrganisationParams } }, async ({ params }, reply) => {
      const organisation = await readOrganisation(db, params.organisation)
      if (organisation === undefined) throw new Problem(404, 'There is no such organisation here.')
      const profile = parseVerifierProfile(organisation.profile)
      return sendPage(reply, makePage(profile, await listPolicies(db, params.organisation)))
    })
  }
}
