-- As before, and it answers: the parts of one statement can wait for it before they touch a row.
DROP FUNCTION flow_credits.expect_rows(bigint, bigint);

-- Fails the transaction unless as many rows were found as expected: some were changed by another transaction.
CREATE FUNCTION flow_credits.expect_rows(seen bigint, expected bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF seen <> expected THEN
    RAISE EXCEPTION 'another transaction changed % of % teams first', expected - seen, expected
      USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN true;
END
$$;
