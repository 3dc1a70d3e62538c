-- One row a basket. sales_value is what the retailer receives; discounts are those of shelf, coupon and coupon match.
-- quantity is a volume for fuel (lines of up to 30,080), so items counts the lines of the receipt.
SELECT
    CAST(basket_id AS VARCHAR) AS order_id,
    CAST(household_id AS VARCHAR) AS user_id,
    transaction_timestamp AS "at",
    SUM(CAST(sales_value AS DECIMAL(18, 6))) AS amount,
    COUNT(*) AS items,
    SUM(CAST(retail_disc AS DECIMAL(18, 6)) + CAST(coupon_disc AS DECIMAL(18, 6))
        + CAST(coupon_match_disc AS DECIMAL(18, 6))) AS discount
FROM transactions
GROUP BY basket_id, household_id, transaction_timestamp
ORDER BY transaction_timestamp, order_id
