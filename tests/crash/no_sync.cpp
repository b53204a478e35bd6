/// A disk that lies: preloaded into a process (LD_PRELOAD), it turns every sync into nothing. With it the
/// power cut test must report loss; that proves that the test can see one. Never part of a build that is
/// shipped.
#include <cstddef>

extern "C" {
int fsync(int) { return 0; }
int fdatasync(int) { return 0; }
int msync(void*, std::size_t, int) { return 0; }
}
