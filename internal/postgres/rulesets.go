package postgres

import (
	"guichet/internal/desk"
	"guichet/internal/rules"
)

// Ruleset reads the desk's newest version. Errors: ErrNotFound when the desk
// has none of its own.
func (t *Tx) Ruleset() (rules.Ruleset, error) {
	return one[rules.Ruleset](t, `select version, no_hint, rules from rulesets where desk_id = @desk order by version desc limit 1`, nil)
}

// RulesetAt reads one version to be compiled. Errors: ErrNotFound.
func (t *Tx) RulesetAt(version int) (rules.Ruleset, error) {
	return one[rules.Ruleset](t, `select version, no_hint, rules from rulesets where desk_id = @desk and version = @version`, args{"version": version})
}

const versionColumns = `r.version, r.note, r.no_hint, coalesce(r.person_id, '00000000-0000-0000-0000-000000000000') as person_id,
	coalesce(p.name, '') as author, r.created_at, coalesce(r.restored_from, 0) as restored_from`

const versionAuthor = ` from rulesets r left join people p on p.desk_id = @desk and p.id = r.person_id where r.desk_id = @desk`

// PublishedRules reads the newest version as people see it. Errors: ErrNotFound
// when the desk has none of its own.
func (t *Tx) PublishedRules() (desk.RulesetVersion, error) {
	return one[desk.RulesetVersion](t, `select `+versionColumns+`, r.rules`+versionAuthor+` and r.version = (select max(version) from rulesets where desk_id = @desk)`, nil)
}

// RulesetVersion reads one version as people see it. Errors: ErrNotFound.
func (t *Tx) RulesetVersion(version int) (desk.RulesetVersion, error) {
	return one[desk.RulesetVersion](t, `select `+versionColumns+`, r.rules`+versionAuthor+` and r.version = @version`, args{"version": version})
}

// RulesetVersions lists the newest versions below a number, without their rules.
func (t *Tx) RulesetVersions(below, most int) ([]desk.RulesetVersion, error) {
	return many[desk.RulesetVersion](t, `select `+versionColumns+`, '[]'::jsonb as rules`+versionAuthor+` and r.version < @below
		order by r.version desc limit @most`, args{"below": below, "most": most})
}

// AddRuleset stores a new version; the number is the caller's. Errors:
// ErrConflict when somebody else took it first.
func (t *Tx) AddRuleset(v desk.RulesetVersion) error {
	_, err := t.exec(`insert into rulesets (desk_id, version, note, no_hint, rules, person_id, restored_from, created_at)
		values (@desk, @version, @note, @no_hint, @rules, @person, nullif(@restored_from::int, 0), @now)`,
		args{"version": v.Version, "note": v.Note, "no_hint": v.NoHint, "rules": ruleList(v.Rules), "person": orNull(v.PersonID),
			"restored_from": v.RestoredFrom, "now": t.Now})
	return err
}

// RuleDraft reads the rules that the desk's admins are working on. Errors:
// ErrNotFound when there are none.
func (t *Tx) RuleDraft() (desk.RuleDraft, error) {
	return one[desk.RuleDraft](t, `select d.based_on, d.revision, d.no_hint, d.rules, d.person_id, p.name as author, d.updated_at
		from ruleset_drafts d join people p on p.desk_id = @desk and p.id = d.person_id where d.desk_id = @desk`, nil)
}

// AddRuleDraft begins a draft. Errors: ErrConflict when there is one.
func (t *Tx) AddRuleDraft(d desk.RuleDraft) error {
	_, err := t.exec(`insert into ruleset_drafts (desk_id, based_on, revision, no_hint, rules, person_id, updated_at)
		values (@desk, @based_on, @revision, @no_hint, @rules, @person, @now)`, draftArgs(d, args{"revision": d.Revision, "now": t.Now}))
	return err
}

// SaveRuleDraft changes the draft that has this revision and gives it the next
// one. Errors: ErrConflict when it has moved on, or is gone.
func (t *Tx) SaveRuleDraft(d desk.RuleDraft) error {
	n, err := t.exec(`update ruleset_drafts set based_on = @based_on, revision = revision + 1, no_hint = @no_hint, rules = @rules, person_id = @person,
		updated_at = @now where desk_id = @desk and revision = @revision`, draftArgs(d, args{"revision": d.Revision, "now": t.Now}))
	return unmoved(n, err)
}

// RemoveRuleDraft ends the draft that has this revision. Errors: ErrConflict
// when it has moved on, or is gone.
func (t *Tx) RemoveRuleDraft(revision int) error {
	n, err := t.exec(`delete from ruleset_drafts where desk_id = @desk and revision = @revision`, args{"revision": revision})
	return unmoved(n, err)
}

func unmoved(n int64, err error) error {
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}

func draftArgs(d desk.RuleDraft, a args) args {
	a["based_on"], a["no_hint"], a["rules"], a["person"] = d.BasedOn, d.NoHint, ruleList(d.Rules), d.PersonID
	return a
}

// ruleList is stored as a list, also where it is empty.
func ruleList(list []rules.Rule) []rules.Rule {
	if list == nil {
		return []rules.Rule{}
	}
	return list
}
