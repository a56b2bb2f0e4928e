package store

// Planning lets tests plan as the product does.
var Planning = planning
