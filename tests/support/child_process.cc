#include "tests/support/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "tests/support/file_content.h"

namespace usher {
namespace {

// What stands between fork and exec must be safe in a process with other threads
// (signal-safety(7)).
pid_t Start(const std::vector<std::string>& argv, const std::string& out, const std::string& err) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND;
  const int out_file = open(out.c_str(), kFlags, 0600);
  const int err_file = open(err.c_str(), kFlags, 0600);
  const int nothing = open("/dev/null", O_RDONLY);
  if (out_file < 0 || err_file < 0 || dup2(nothing, 0) < 0 || dup2(out_file, 1) < 0 ||
      dup2(err_file, 2) < 0) {
    _exit(126);
  }
  execv(words[0], words.data());
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const std::string& log)
    : pid_(Start(argv, log, log)) {
  if (pid_ < 0) throw std::runtime_error(absl::StrCat("cannot start ", argv[0]));
}

ChildProcess::~ChildProcess() {
  if (!IsRunning()) return;
  Signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool ChildProcess::Reap() {
  if (ended_) return true;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ended_ = true;
  return true;
}

bool ChildProcess::IsRunning() { return !Reap(); }

void ChildProcess::Signal(int signal) {
  if (IsRunning()) kill(pid_, signal);
}

void ChildProcess::Freeze() {
  Signal(SIGSTOP);
  siginfo_t unused{};
  // The signal counts when the process has come to it, which takes a while on a busy machine.
  if (!ended_) waitid(P_PID, static_cast<id_t>(pid_), &unused, WSTOPPED | WEXITED | WNOWAIT);
}

int ChildProcess::Wait(absl::Duration patience) {
  const absl::Time until = absl::Now() + patience;
  while (!Reap()) {
    if (absl::Now() > until) throw std::runtime_error("a program does not end");
    absl::SleepFor(absl::Milliseconds(2));
  }
  return exit_code_;
}

std::string RunProgram(const std::vector<std::string>& argv) {
  std::string folder = (std::filesystem::temp_directory_path() / "usher_run_XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  const std::string out = folder + "/out";
  const std::string err = folder + "/err";
  int status = -1;
  const pid_t pid = Start(argv, out, err);
  const bool ran = pid > 0 && waitpid(pid, &status, 0) == pid;
  const std::string printed = FileContent(out);
  const std::string complained = FileContent(err);
  std::filesystem::remove_all(folder);
  if (ran && WIFEXITED(status) && WEXITSTATUS(status) == 0) return printed;
  throw std::runtime_error(
      absl::StrCat(absl::StrJoin(argv, " "), " failed:\n", printed, complained));
}

}  // namespace usher
