-- The release that the file is: its last one.
select * from marts.releases order by release_no desc limit 1
