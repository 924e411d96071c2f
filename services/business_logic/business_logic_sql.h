// Every statement of the business logic service, in the order of the stores' methods.
#pragma once

#include "common/db/statement.h"

namespace usher::business_logic::sql {

inline constexpr db::Statement kListFavorites{"list_favorites", R"sql(
  SELECT room_id FROM favorites WHERE company_id = $1 AND user_id = $2 ORDER BY position
)sql"};

// Changes of the favorites of one user come one after the other, so that the limit holds.
// 1717663343 is "favo" in ASCII, to keep clear of other locks.
inline constexpr db::Statement kLockFavorites{"lock_favorites", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 1717663343))
)sql"};

inline constexpr db::Statement kRemoveFavorites{"remove_favorites", R"sql(
  DELETE FROM favorites WHERE company_id = $1 AND user_id = $2 AND room_id = ANY ($3::uuid[])
)sql"};

inline constexpr db::Statement kAddFavorites{"add_favorites", R"sql(
  INSERT INTO favorites (company_id, user_id, room_id)
  SELECT $1::text, $2::uuid, given.room_id
  FROM unnest($3::uuid[]) WITH ORDINALITY AS given (room_id, place) ORDER BY given.place
  ON CONFLICT (company_id, user_id, room_id) DO NOTHING
)sql"};

inline constexpr db::Statement kCountFavorites{"count_favorites", R"sql(
  SELECT count(*) FROM favorites WHERE company_id = $1 AND user_id = $2
)sql"};

inline constexpr db::Statement kForgetFavorites{"forget_favorites", R"sql(
  DELETE FROM favorites WHERE company_id = $1 AND user_id = $2
)sql"};

// $1: '' are the platform's own. $2: bytes of a reply. Weighs before it reads: answers at least one
// row, whose first column says whether the groups fit; if not, none of them is read. A group takes
// 10 bytes besides its texts at least.
inline constexpr db::Statement kListPermissionGroups{"list_permission_groups", R"sql(
  SELECT weight.fits, g.group_id, g.name, g.sort_order, g.rights
  FROM (
    SELECT coalesce(sum(10 + octet_length(group_id) + octet_length(name)), 0) <= $2::bigint AS fits
    FROM permission_groups WHERE company_id = $1
  ) weight
  LEFT JOIN LATERAL (SELECT * FROM permission_groups
                     WHERE weight.fits AND company_id = $1) g ON true
  ORDER BY g.sort_order, g.group_id
)sql"};

// Changes of the groups of one company come one after the other. 1735553392 is "grop" in ASCII.
inline constexpr db::Statement kLockPermissionGroups{"lock_permission_groups", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended($1::text, 1735553392))
)sql"};

inline constexpr db::Statement kRemovePermissionGroups{"remove_permission_groups", R"sql(
  DELETE FROM permission_groups WHERE company_id = $1
)sql"};

inline constexpr db::Statement kWritePermissionGroups{"write_permission_groups", R"sql(
  INSERT INTO permission_groups (company_id, group_id, name, sort_order, rights)
  SELECT $1::text, given.group_id, given.name, given.sort_order, given.rights
  FROM unnest($2::text[], $3::text[], $4::integer[], $5::integer[])
         AS given (group_id, name, sort_order, rights)
)sql"};

inline constexpr const db::Statement* kAll[] = {&kListFavorites,          &kLockFavorites,
                                                &kRemoveFavorites,        &kAddFavorites,
                                                &kCountFavorites,         &kForgetFavorites,
                                                &kListPermissionGroups,   &kLockPermissionGroups,
                                                &kRemovePermissionGroups, &kWritePermissionGroups};

}  // namespace usher::business_logic::sql
