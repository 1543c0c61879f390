package access

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func anyRelationship(t *rapid.T) Relationship {
	r := Relationship{Name: rapid.SampledFrom([]string{"Support", "MLT_old"}).Draw(t, "name"), Status: rapid.SampledFrom(append([]string{"", "ACTIVE", "odd"}, Statuses...)).Draw(t, "status"),
		AutoExtend: rapid.Bool().Draw(t, "extends")}
	role := rapid.SampledFrom(append(Roles(), Role{ID: "00000000-0000-0000-0000-000000000000"}))
	some := func() (list []string) {
		for _, r := range rapid.SliceOfN(role, 0, 4).Draw(t, "roles") {
			list = append(list, r.ID)
		}
		return list
	}
	r.Roles = some()
	for range rapid.IntRange(0, 2).Draw(t, "groups") {
		r.Groups = append(r.Groups, Group{Status: rapid.SampledFrom([]string{"active", "pending", "error", "deleted"}).Draw(t, "of"), Roles: some()})
	}
	if rapid.Bool().Draw(t, "ends") {
		at := now.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, "days")) * 24 * time.Hour)
		r.EndsAt = &at
	}
	return r
}

func anyHolding(t *rapid.T) Holding {
	h := Holding{Known: rapid.Bool().Draw(t, "known"), AzureRole: rapid.SampledFrom([]string{"", Unknown, AzureNone, AzureSupport, AzureContributor, AzureOwner}).Draw(t, "azure"),
		Reseller: rapid.SampledFrom([]string{Yes, No, Unknown}).Draw(t, "reseller"), EntraPremium: rapid.SampledFrom([]string{Yes, No, Unknown}).Draw(t, "premium")}
	for range rapid.IntRange(0, 4).Draw(t, "n") {
		h.Relationships = append(h.Relationships, anyRelationship(t))
	}
	if rapid.Bool().Draw(t, "checked") {
		at := now.AddDate(0, 0, -rapid.IntRange(0, 200).Draw(t, "ago"))
		h.CheckedAt = &at
	}
	return h
}

func anyQuestion(t *rapid.T) (relation, workload string, a Action) {
	return rapid.SampledFrom([]string{"direct", "reseller", "provider"}).Draw(t, "relation"), rapid.SampledFrom(append(Workloads(), "other")).Draw(t, "workload"),
		rapid.SampledFrom(Actions()).Draw(t, "action")
}

func TestNothingPastItsEndGivesARight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := anyHolding(t)
		for i := range h.Relationships {
			at := now.Add(-time.Duration(rapid.IntRange(0, 1000).Draw(t, "hours")) * time.Hour)
			h.Relationships[i].EndsAt = &at
		}
		relation, workload, a := anyQuestion(t)
		if workload == "azure" && a != OpenRequest {
			return // by a role of Azure alone
		}
		if v := Judge(h, relation, workload, a, now); v.Answer == Yes || v.Answer == Soon {
			t.Fatalf("%+v", v)
		}
	})
}

func TestOneMoreTakesNoRightAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := anyHolding(t)
		relation, workload, a := anyQuestion(t)
		before := Judge(h, relation, workload, a, now)
		h.Relationships = append(h.Relationships, anyRelationship(t))
		if after := Judge(h, relation, workload, a, now); rank(after.Answer) < rank(before.Answer) {
			t.Fatalf("%s became %s: %+v", before.Answer, after.Answer, after)
		}
	})
}

func TestAVerdictSaysWhy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		relation, workload, a := anyQuestion(t)
		v := Judge(anyHolding(t), relation, workload, a, now)
		if len(v.Because) == 0 || v.Answer == No && (len(v.Missing) == 0 || len(v.WayOut) == 0) || v.Answer == Yes && len(v.Missing) > 0 || v.Answer == Unknown && len(v.WayOut) == 0 {
			t.Fatalf("%+v", v)
		}
	})
}
