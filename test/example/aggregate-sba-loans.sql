-- From the windows of the SBA loans (one Parquet file a window, one row a loan) to the counts that lie beside the card.
-- Nothing but counts leaves: of a column's values, of scores by label, of groups by prediction and label.
-- Run in DuckDB with the folder of the windows as working directory; the three files are written there.
create view loans as
select
  case filename when 'reference.parquet' then '2004-09' else replace(filename, '.parquet', '') end as month, *
from read_parquet(['reference.parquet', '2004-10.parquet', '2004-11.parquet', '2004-12.parquet', '2005-01.parquet', '2006-02.parquet'], filename = true);

create view cells as
unpivot (
  select month, employees::varchar as employees, jobs_created::varchar as jobs_created, jobs_retained::varchar as jobs_retained,
    franchise::varchar as franchise, amount::varchar as amount, guaranteed_share::varchar as guaranteed_share, revolving, low_doc, sector
  from loans
) on employees, jobs_created, jobs_retained, franchise, amount, guaranteed_share, revolving, low_doc, sector
into name feature value value;

copy (select * from (select month, feature, value, count(*) as n from cells group by all) order by month, feature, try_cast(value as double), value)
to 'features.csv' (header, delimiter ',');

copy (select month, score, count(*) filter (label = 1) as charged_off, count(*) filter (label = 0) as repaid from loans group by month, score order by month, score)
to 'scores.csv' (header, delimiter ',');

copy (
  select month, 'business' as attribute, business as "group", prediction, label, count(*) as n from loans group by all
  union all
  select month, 'area' as attribute, area as "group", prediction, label, count(*) as n from loans group by all
  order by all
) to 'groups.csv' (header, delimiter ',');
