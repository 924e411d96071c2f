// What a user may do in the backend of a company, and what inside one room.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace usher {

// Numbers of common.BackendPermission; NONE (999) is no permission but an instruction to strip all.
enum class Permission {
  kUserCreate = 1,
  kUserShow = 2,
  kUserInvite = 3,
  kUserList = 4,
  kUserAdmin = 5,
  kGrantPermissions = 6,
  kCompanyCreate = 7,
  kCompanyList = 8,
  kCompanyAdmin = 9,
  kRoomCreate = 10,
  kRoomList = 13,
  kRoomAdmin = 15,
  kManageCompany = 16,
  kManageBilling = 17,  // without effect here
};

// Numbers of common.RoomPermission; the fields of common.Permissions have the same numbers.
enum class RoomRight {
  kAdmin = 1,
  kVoice = 2,
  kVideo = 3,
  kPromote = 4,
  kJoin = 5,
  kScreen = 6,
  kVip = 7,
  kSubroomManage = 8,
  kSubroomCreatePublic = 9,
  kChat = 10,
  kChatBroadcast = 11,
  kSubroomCreatePrivate = 15,
  kFileAdmin = 20,
  kFileUpload = 21,
  kFileList = 22,
  kFairUse = 25,
  kAction = 30,
};

// A set of members of E, one bit each: bit n stands for the member with number n. That mask is what
// the database keeps.
template <class E>
class MaskSet {
 public:
  constexpr MaskSet() = default;
  constexpr MaskSet(std::initializer_list<E> members) {
    for (const E member : members) mask_ |= Bit(member);
  }
  static constexpr MaskSet FromMask(uint32_t mask) {
    MaskSet set;
    set.mask_ = mask;
    return set;
  }

  constexpr uint32_t mask() const { return mask_; }
  constexpr bool empty() const { return mask_ == 0; }
  constexpr bool Has(E member) const { return (mask_ & Bit(member)) != 0; }
  constexpr bool Contains(MaskSet other) const { return (other.mask_ & ~mask_) == 0; }
  constexpr MaskSet And(MaskSet other) const { return FromMask(mask_ & other.mask_); }
  constexpr MaskSet Or(MaskSet other) const { return FromMask(mask_ | other.mask_); }
  constexpr MaskSet Without(MaskSet other) const { return FromMask(mask_ & ~other.mask_); }
  friend constexpr bool operator==(MaskSet a, MaskSet b) { return a.mask_ == b.mask_; }
  friend constexpr bool operator!=(MaskSet a, MaskSet b) { return a.mask_ != b.mask_; }

 private:
  static constexpr uint32_t Bit(E member) { return uint32_t{1} << static_cast<int>(member); }
  uint32_t mask_ = 0;
};

using PermissionSet = MaskSet<Permission>;
using RoomRights = MaskSet<RoomRight>;

// Permissions that only a platform administrator can give.
inline constexpr PermissionSet kPlatformPermissions{
    Permission::kCompanyCreate, Permission::kCompanyList, Permission::kCompanyAdmin};

// The company administrator's set: every permission but the platform's.
inline constexpr PermissionSet kCompanyAdministrator{
    Permission::kUserCreate,    Permission::kUserShow,     Permission::kUserInvite,
    Permission::kUserList,      Permission::kUserAdmin,    Permission::kGrantPermissions,
    Permission::kRoomCreate,    Permission::kRoomList,     Permission::kRoomAdmin,
    Permission::kManageCompany, Permission::kManageBilling};

inline constexpr RoomRights kAllRoomRights{
    RoomRight::kAdmin,     RoomRight::kVoice,         RoomRight::kVideo,
    RoomRight::kPromote,   RoomRight::kJoin,          RoomRight::kScreen,
    RoomRight::kVip,       RoomRight::kSubroomManage, RoomRight::kSubroomCreatePublic,
    RoomRight::kChat,      RoomRight::kChatBroadcast, RoomRight::kSubroomCreatePrivate,
    RoomRight::kFileAdmin, RoomRight::kFileUpload,    RoomRight::kFileList,
    RoomRight::kFairUse,   RoomRight::kAction};

// A wish to change a set: what is to be given, what taken away, and whether all is stripped first.
struct PermissionChange {
  PermissionSet give;
  PermissionSet take;
  bool strip_all = false;

  bool empty() const { return give.empty() && take.empty() && !strip_all; }
  PermissionSet ApplyTo(PermissionSet held) const {
    return (strip_all ? PermissionSet{} : held.Without(take))
        .Or(strip_all ? PermissionSet{} : give);
  }
};

}  // namespace usher
