-- What electricity costs and earns the owner of an ownership period, from a day on. Prices are hundredths of yen per kWh.
CREATE TABLE tariffs (
  ownership_id BIGINT NOT NULL,
  valid_from BIGINT NOT NULL,
  sell_price BIGINT NOT NULL,
  PRIMARY KEY (ownership_id, valid_from)
);

CREATE TABLE tariff_bands (
  ownership_id BIGINT NOT NULL,
  valid_from BIGINT NOT NULL,
  place INTEGER NOT NULL,
  weekdays INTEGER NOT NULL,
  from_slot INTEGER NOT NULL,
  until_slot INTEGER NOT NULL,
  price BIGINT NOT NULL,
  PRIMARY KEY (ownership_id, valid_from, place)
);
