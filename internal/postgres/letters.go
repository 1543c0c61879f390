package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const (
	letterTo = `select ` + deliveryColumns + `, p.name as person_name from deliveries d join people p on p.desk_id = @desk and p.id = d.person_id where d.desk_id = @desk`
	// lettersOf are the last that went out about a ticket.
	lettersOf = `select * from (` + letterTo + ` and d.ticket_id = @ticket and d.sent_at is not null order by d.sent_at desc limit 200) d order by d.sent_at`
)

// SettleDelivery writes down what a report says of a letter: that it arrived, or that it
// came back, and whether for good. It returns false where that is nothing new.
func (t *Tx) SettleDelivery(id desk.ID, s desk.DeliveryState, reason string, permanent bool) (bool, error) {
	n, err := t.exec(`update deliveries set state = @state::text, reason = @reason, permanent = @permanent,
		sent_at = coalesce(sent_at, @now), delivered_at = case when @state::text = 'delivered' then @now::timestamptz else delivered_at end,
		bounced_at = case when @state::text = 'bounced' then @now::timestamptz end
		where desk_id = @desk and id = @id and (state in ('sending', 'sent') or state = 'delivered' and @state::text = 'bounced')`,
		args{"id": id, "state": string(s), "reason": reason, "permanent": permanent, "now": t.Now})
	return n > 0, err
}

// CountBounce counts a letter to a person's address that came back for good, and returns
// true when the address counts as failing from now on. An address that he left counts
// no more.
func (t *Tx) CountBounce(person desk.ID, address, reason string) (bool, error) {
	n, err := t.exec(`update people set bounces = bounces + 1 where desk_id = @desk and id = @id and email = @email`, args{"id": person, "email": address})
	if err != nil || n == 0 {
		return false, err
	}
	n, err = t.exec(`update people set failing_since = @now, failing = @reason where desk_id = @desk and id = @id and bounces >= @most and failing_since is null`,
		args{"id": person, "reason": reason, "most": desk.HardBounces, "now": t.Now})
	return n > 0, err
}

// ClearFailing counts a person's address as good again. Errors: ErrNotFound.
func (t *Tx) ClearFailing(person desk.ID) error {
	return found(t.exec(`update people set bounces = 0, failing_since = null, failing = '' where desk_id = @desk and id = @id`, args{"id": person}))
}

// HeardFrom counts an address as good again: whoever writes from it has it.
func (t *Tx) HeardFrom(email string) {
	t.write(`update people set bounces = 0, failing_since = null, failing = '' where desk_id = @desk and email = @email and bounces > 0`, args{"email": email})
}

// StuckDeliveries lists letters of which nobody knows whether the mail server took them:
// it was spoken to last before an instant.
func (t *Tx) StuckDeliveries(before time.Time, most int) ([]desk.LetterTo, error) {
	return many[desk.LetterTo](t, letterTo+` and d.state = 'sending' and d.tried_at < @before order by d.tried_at limit @most`, args{"before": before, "most": most})
}

// OwedLetters lists what should have left by now and was not tried: letters that were due
// before an instant, and daily ones whose news are older than another.
func (t *Tx) OwedLetters(due, news time.Time, most int) ([]desk.OwedLetter, error) {
	return many[desk.OwedLetter](t, `select d.id, d.kind, d.person_id, coalesce(k.number, 0) as number from deliveries d left join tickets k on k.desk_id = @desk and k.id = d.ticket_id
			where d.desk_id = @desk and d.state in ('gathering', 'waiting') and d.due_at < @due
		union all
		select `+nobody+`, 'daily', n.person_id, 0 from (select distinct n.person_id from notices n where n.desk_id = @desk and n.delivery_id is null and n.created_at < @news) n
		limit @most`, args{"due": due, "news": news, "most": most})
}

// SweepDeliveries forgets what became of letters, and what they told, that began before
// an instant. It returns how many there were, most at a time.
func (t *Tx) SweepDeliveries(before time.Time, most int) (int64, error) {
	n, err := t.exec(`delete from deliveries d where d.desk_id = @desk and d.id in (select o.id from deliveries o where o.desk_id = @desk
		and o.state in ('sent', 'delivered', 'bounced', 'dropped') and o.began_at < @before limit @most)`, args{"before": before, "most": most})
	if err != nil {
		return 0, err
	}
	_, err = t.exec(`delete from notices n where n.desk_id = @desk and n.delivery_id is null and n.created_at < @before`, args{"before": before})
	return n, err
}

// SweepReceipts forgets reports that letters arrived, which came before an instant; all
// other mail stays. It returns how many there were, most at a time.
func (t *Tx) SweepReceipts(before time.Time, most int) (int64, error) {
	return t.exec(`delete from mails m where m.desk_id = @desk and m.id in (select o.id from mails o where o.desk_id = @desk
		and o.state = 'ignored' and o.reason = 'bounce' and (o.bounce->>'delivered')::boolean and o.created_at < @before limit @most)`, args{"before": before, "most": most})
}

// DesksOwingLetters lists the desks that have letters which should have left before an
// instant, or daily ones whose news are older than another.
func (g *GlobalTx) DesksOwingLetters(due, news time.Time, most int) ([]desk.ID, error) {
	rows, err := g.tx.Query(g.ctx, `select desks_owing_letters($1, $2, $3)`, due, news, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[desk.ID])
}
