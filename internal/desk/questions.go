package desk

import (
	"maps"
	"slices"

	"guichet/internal/rules"
)

// TriageQuestions are the message keys of the questions that a rule can put to the customer.
var TriageQuestions = []string{"question.scope", "question.since", "question.reproduce", "question.changed", "question.error", "question.steps"}

// answers are what a customer can say to a question, each as the facts that it would set.
// A question without any tells the agent something that no rule asks for.
var answers = map[string][]map[string]any{
	"question.scope":     {{"affected": "one_user", "said_others_work": true}, {"affected": "whole_tenant"}},
	"question.reproduce": {{"said_all_clients": true}, {"said_local_cause": true}},
	"question.changed":   {{"said_own_change": true}, {"said_unchanged": true}},
}

// enough is the share of answers that must lead to a decision for a set of questions to be
// worth asking by itself: more would only be asked to be on the safe side.
const enough = 0.5

// FewestQuestions picks, of what a rule would ask, the fewest questions whose answers would
// decide the ticket: the smallest set after which at least half of the answers lead to a
// decision, else the set that comes nearest. Where no answer would decide, and for the
// questions that a desk wrote itself, all are asked.
func FewestQuestions(p *rules.Program, facts map[string]any, asked []rules.Question) []rules.Question {
	var known, own []rules.Question
	for _, q := range asked {
		if len(answers[q.Key]) > 0 && !answered(q.Key, facts) {
			known = append(known, q)
		} else if q.Key == "" {
			own = append(own, q)
		}
	}
	best, most := asked, 0.0
	for size := 1; size <= len(known) && most < enough; size++ {
		for set := range choices(known, size) {
			if share := settled(p, facts, set); share > most {
				best, most = set, share
			}
		}
	}
	if most == 0 {
		return asked
	}
	return append(slices.Clone(best), own...)
}

// answered tells a question that the ticket answers already.
func answered(key string, facts map[string]any) bool {
	switch key {
	case "question.scope":
		return facts["affected"] == "one_user" || facts["affected"] == "whole_tenant" || facts["affected"] == "many_tenants" || facts["said_others_work"] == true
	case "question.reproduce":
		return facts["said_all_clients"] == true || facts["said_local_cause"] == true
	case "question.changed":
		return facts["said_own_change"] == true || facts["said_unchanged"] == true
	}
	return false
}

// settled is the share of all answers to a set of questions after which the rules know who solves.
func settled(p *rules.Program, facts map[string]any, set []rules.Question) float64 {
	sure, all := 0, 0
	var try func(map[string]any, []rules.Question)
	try = func(facts map[string]any, rest []rules.Question) {
		if len(rest) == 0 {
			all++
			if p.Decide(facts).Outcome != NeedsInfo {
				sure++
			}
			return
		}
		for _, answer := range answers[rest[0].Key] {
			then := maps.Clone(facts)
			maps.Copy(then, answer)
			then[hintPrefix+NeedsInfoLabel] = int64(0) // it was for want of such an answer
			try(then, rest[1:])
		}
	}
	try(facts, set)
	return float64(sure) / float64(all)
}

// choices yields every set of so many questions, in their order.
func choices(list []rules.Question, size int) func(func([]rules.Question) bool) {
	return func(yield func([]rules.Question) bool) {
		var pick func(from int, set []rules.Question) bool
		pick = func(from int, set []rules.Question) bool {
			if len(set) == size {
				return yield(slices.Clone(set))
			}
			for i := from; i < len(list); i++ {
				if !pick(i+1, append(set, list[i])) {
					return false
				}
			}
			return true
		}
		pick(0, nil)
	}
}
