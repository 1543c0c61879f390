package postgres

import (
	"guichet/internal/desk"
	"guichet/internal/rules"
)

const trialColumns = `r.id, r.person_id, p.name as author, r.based_on, r.revision, r.most, r.since, r.until, r.state, r.total, r.tried, r.changed,
	r.judged, r.agreed_before, r.agreed_after, r.better, r.worse, r.created_at, r.began_at, r.ended_at
	from trials r join people p on p.desk_id = @desk and p.id = r.person_id where r.desk_id = @desk`

// AddTrial stores a trial with the rules that it tries. Errors: ErrConflict
// while another one of the desk is under way.
func (t *Tx) AddTrial(r desk.Trial, draft desk.RuleDraft) error {
	_, err := t.exec(`insert into trials (desk_id, id, person_id, based_on, revision, no_hint, rules, most, since, until, state, created_at)
		values (@desk, @id, @person, @based_on, @revision, @no_hint, @rules, @most, @since, @until, @state, @created)`,
		args{"id": r.ID, "person": r.PersonID, "based_on": r.BasedOn, "revision": r.Revision, "no_hint": draft.NoHint, "rules": ruleList(draft.Rules),
			"most": r.Most, "since": r.Since, "until": r.Until, "state": r.State, "created": r.CreatedAt})
	return err
}

// Trial reads one. Errors: ErrNotFound.
func (t *Tx) Trial(id desk.ID) (desk.Trial, error) {
	return one[desk.Trial](t, `select `+trialColumns+` and r.id = @id`, args{"id": id})
}

// RunningTrial reads the one that is under way. Errors: ErrNotFound.
func (t *Tx) RunningTrial() (desk.Trial, error) {
	return one[desk.Trial](t, `select `+trialColumns+` and r.state in ('waiting', 'running')`, nil)
}

// Trials lists the newest.
func (t *Tx) Trials(most int) ([]desk.Trial, error) {
	return many[desk.Trial](t, `select `+trialColumns+` order by r.created_at desc, r.id desc limit @most`, args{"most": most})
}

// TrialRules reads the rules that a trial tries. Errors: ErrNotFound.
func (t *Tx) TrialRules(id desk.ID) (rules.Ruleset, error) {
	return one[rules.Ruleset](t, `select based_on + 1 as version, no_hint, rules from trials where desk_id = @desk and id = @id`, args{"id": id})
}

// BeginTrial starts one, or starts it over after its worker was lost. It tells
// whether there is anything to begin.
func (t *Tx) BeginTrial(id desk.ID, total int) (bool, error) {
	n, err := t.exec(`update trials set state = 'running', began_at = @now, total = @total, tried = 0, changed = 0, judged = 0, agreed_before = 0,
		agreed_after = 0, better = 0, worse = 0 where desk_id = @desk and id = @id and state in ('waiting', 'running')`,
		args{"id": id, "total": total, "now": t.Now})
	return n == 1, err
}

// SaveTrial keeps a trial's figures. It tells whether the trial still runs:
// somebody may have stopped it.
func (t *Tx) SaveTrial(id desk.ID, f desk.TrialFigures) (bool, error) {
	s, err := scalar[desk.TrialState](t, `update trials set total = @total, tried = @tried, changed = @changed, judged = @judged, agreed_before = @before,
		agreed_after = @after, better = @better, worse = @worse where desk_id = @desk and id = @id and state in ('running', 'stopped') returning state`,
		args{"id": id, "total": f.Total, "tried": f.Tried, "changed": f.Changed, "judged": f.Judged, "before": f.AgreedBefore,
			"after": f.AgreedAfter, "better": f.Better, "worse": f.Worse})
	return s == desk.TrialRunning, err
}

// EndTrial ends one that is under way, and tells whether it was.
func (t *Tx) EndTrial(id desk.ID, s desk.TrialState) (bool, error) {
	n, err := t.exec(`update trials set state = @state, ended_at = @now where desk_id = @desk and id = @id and state in ('waiting', 'running')`,
		args{"id": id, "state": s, "now": t.Now})
	return n == 1, err
}

const changeColumns = `number, subject, was_outcome, was_category, was_rule, outcome, category, rule, person_outcome, person_category, effect`

// AddTrialChanges keeps what a trial would change; what is kept already stays.
func (t *Tx) AddTrialChanges(id desk.ID, list []desk.TrialChange) {
	for _, c := range list {
		t.write(`insert into trial_changes (desk_id, trial_id, `+changeColumns+`)
			values (@desk, @trial, @number, @subject, @was_outcome, @was_category, @was_rule, @outcome, @category, @rule, @person_outcome,
				@person_category, @effect) on conflict do nothing`,
			args{"trial": id, "number": c.Number, "subject": c.Subject, "was_outcome": c.WasOutcome, "was_category": c.WasCategory,
				"was_rule": c.WasRule, "outcome": c.Outcome, "category": c.Category, "rule": c.Rule, "person_outcome": c.PersonOutcome,
				"person_category": c.PersonCategory, "effect": c.Effect})
	}
}

// TrialChanges reads a page of what a trial would change, newest ticket first,
// and whether there are more.
func (t *Tx) TrialChanges(id desk.ID, f desk.TrialFilter) ([]desk.TrialChange, bool, error) {
	list, err := many[desk.TrialChange](t, `select `+changeColumns+` from trial_changes where desk_id = @desk and trial_id = @trial
		and (@after::bigint = 0 or number < @after) and (@effect::text = '' or effect = @effect) order by number desc limit @limit`,
		args{"trial": id, "after": f.After, "effect": f.Effect, "limit": desk.PageSize + 1})
	if err != nil || len(list) <= desk.PageSize {
		return list, false, err
	}
	return list[:desk.PageSize], true, nil
}
