package postgres

import "guichet/internal/desk"

const blockColumns = `b.id, b.customer_id, b.name, b.minutes, b.used, coalesce(b.price::text, '') as price, b.currency,
	b.starts::text as starts, b.expires::text as expires, b.closed_at, b.created_at`

const blocksOf = `select ` + blockColumns + ` from blocks b where b.desk_id = @desk and b.customer_id = @customer order by b.starts desc, b.id desc limit 200`

// blockNames are the customer's blocks by id, for the bill of a charge x.
const blockNames = `case when x.kind = 'time' then coalesce((select jsonb_object_agg(n.id::text, n.name) from blocks n
	where n.desk_id = @desk and n.customer_id = x.customer_id), '{}'::jsonb) else '{}'::jsonb end as block_names`

// Blocks lists a customer's blocks, the newest first.
func (t *Tx) Blocks(customer desk.ID) ([]desk.Block, error) {
	return many[desk.Block](t, blocksOf, args{"customer": customer})
}

// Block reads one of a customer. Errors: ErrNotFound.
func (t *Tx) Block(customer, id desk.ID) (desk.Block, error) {
	return one[desk.Block](t, `select `+blockColumns+` from blocks b where b.desk_id = @desk and b.customer_id = @customer and b.id = @id`,
		args{"customer": customer, "id": id})
}

// AddBlock stores a block. Errors: ErrNotFound for a customer of another desk.
func (t *Tx) AddBlock(b desk.Block) error {
	_, err := t.exec(`insert into blocks (desk_id, id, customer_id, name, minutes, price, currency, starts, expires, created_at)
		values (@desk, @id, @customer, @name, @minutes, nullif(@price::text, '')::numeric, @currency, @starts::text::date, @expires::text::date, @now)`,
		args{"id": b.ID, "customer": b.CustomerID, "name": b.Name, "minutes": b.Minutes, "price": b.Price, "currency": b.Currency,
			"starts": string(b.Starts), "expires": b.Expires, "now": t.Now})
	return err
}

// SaveBlock writes a block's last day and its end; what was drawn meanwhile
// stays. Errors: ErrNotFound.
func (t *Tx) SaveBlock(b desk.Block) error {
	n, err := t.exec(`update blocks set expires = @expires::text::date, closed_at = @closed where desk_id = @desk and customer_id = @customer and id = @id`,
		args{"id": b.ID, "customer": b.CustomerID, "expires": b.Expires, "closed": b.ClosedAt})
	return found(n, err)
}
