#include "tests/chaos/cluster.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/folders.h"

namespace usher::chaos {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

std::string Script() { return SourceFolder() + "/tests/postgres"; }

struct Process {
  char state = 'X';  // dead
  pid_t parent = 0;
};

// From the third and fourth field of /proc/PID/stat; proc(5).
Process ProcessOf(const std::string& id) {
  std::ostringstream content;
  content << std::ifstream("/proc/" + id + "/stat").rdbuf();
  const std::string text = content.str();
  const size_t name_end = text.rfind(')');
  Process process;
  if (name_end == std::string::npos) return process;
  std::istringstream fields(text.substr(name_end + 1));
  fields >> process.state >> process.parent;
  return process;
}

bool IsAlive(pid_t process) {
  const char state = ProcessOf(absl::StrCat(process)).state;
  return state != 'X' && state != 'Z';
}

}  // namespace

Cluster::Cluster() {
  std::string pattern = "/tmp/usher_pg_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for PostgreSQL");
  folder_ = pattern;
  std::filesystem::remove(folder_);  // the script makes it, for PostgreSQL's user
  Start();
  // Else the kernel would end it together with us.
  guard_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{"/usr/bin/setpriv", "--pdeathsig", "clear",
                               SourceFolder() + "/tests/chaos/guard", absl::StrCat(getpid()),
                               folder_},
      "/dev/null");
  // tests/postgres is in a hurry; here, what was acknowledged has to outlive the processes.
  pqxx::connection connection(url_);
  pqxx::nontransaction work(connection);
  work.exec("ALTER SYSTEM SET synchronous_commit = on");
  work.exec("ALTER SYSTEM SET full_page_writes = on");
  work.exec("SELECT pg_reload_conf()");
}

Cluster::~Cluster() {
  guard_.reset();
  Thaw();
  try {
    RunProgram({Script(), "stop", folder_});
  } catch (const std::exception&) {  // it has gone by itself
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Cluster::Start() {
  url_ = std::string(absl::StripAsciiWhitespace(RunProgram({Script(), "start", folder_})));
}

std::vector<pid_t> Cluster::Processes() const {
  pid_t postmaster = 0;
  std::ifstream(folder_ + "/data/postmaster.pid") >> postmaster;
  if (postmaster <= 0) throw std::runtime_error("PostgreSQL does not run");
  std::vector<pid_t> processes = {postmaster};
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    pid_t process = 0;
    if (absl::SimpleAtoi(name, &process) && ProcessOf(name).parent == postmaster) {
      processes.push_back(process);
    }
  }
  return processes;
}

void Cluster::Freeze() {
  // The postmaster first, so that it makes no more of them.
  const pid_t postmaster = Processes().front();
  kill(postmaster, SIGSTOP);
  frozen_ = Processes();
  for (const pid_t process : frozen_) kill(process, SIGSTOP);
}

void Cluster::Thaw() {
  for (const pid_t process : std::exchange(frozen_, {})) kill(process, SIGCONT);
}

void Cluster::KillAndStart() {
  const std::vector<pid_t> killed = Processes();
  for (const pid_t process : killed) kill(process, SIGKILL);
  const absl::Time until = absl::Now() + kPatience;
  for (const pid_t process : killed) {
    while (IsAlive(process)) {
      if (absl::Now() > until) throw std::runtime_error("PostgreSQL outlives SIGKILL");
      absl::SleepFor(absl::Milliseconds(2));
    }
  }
  // Nobody is left whom it could warn of; a process ID that init has not collected yet is no
  // PostgreSQL.
  for (const char* lock : {"/data/postmaster.pid", "/s/.s.PGSQL.5432.lock"}) {
    std::filesystem::remove(folder_ + lock);
  }
  Start();
}

}  // namespace usher::chaos
