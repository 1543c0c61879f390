package postgres_test

import (
	"maps"
	"slices"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	maps.Copy(attempts, map[string]attempt{
		"CircleSeat":  reads(func(tx *postgres.Tx, _ intruder) (desk.CircleSeat, error) { return tx.CircleSeat() }),
		"JoinCircle":  writes(func(tx *postgres.Tx, i intruder) error { return tx.JoinCircle(i.desk.admin.ID) }),
		"LeaveCircle": touches0(func(tx *postgres.Tx, _ intruder) { _ = tx.LeaveCircle() }),
		"CircleComplaints": reads(func(tx *postgres.Tx, i intruder) ([]desk.CircleComplaint, error) {
			list, err := tx.CircleComplaints(tx.Now.Add(-desk.CircleWindow))
			return slices.DeleteFunc(list, func(c desk.CircleComplaint) bool {
				return tx.Scope.Customer == desk.Nobody && c.CustomerID != i.theirs.ID // his own desk's
			}), err
		}),
		"SaveCircleCounts": puts(func(tx *postgres.Tx, _ intruder) {
			tx.SaveCircleCounts([]desk.CircleCount{{Service: "Exchange Online", Region: "france", Customers: 25}})
		}),
		"CircleCounts":  reads(func(tx *postgres.Tx, _ intruder) ([]desk.CircleCount, error) { return tx.CircleCounts() }),
		"SeenElsewhere": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Elsewhere, error) { return tx.SeenElsewhere() }),
	})
	maps.Copy(digested, map[string]string{"circle": "", "circle_counts": ""})
}
