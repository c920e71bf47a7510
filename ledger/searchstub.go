package ledger

type searchIndex struct{}
