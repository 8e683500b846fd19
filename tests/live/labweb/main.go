// A program for a pod: `web serve` answers with the name of its pod, `web ask URL` prints what a page says.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "ask" {
		os.Exit(ask(os.Args[2]))
	}
	http.HandleFunc("/", func(answer http.ResponseWriter, asked *http.Request) {
		fmt.Println("asked by", asked.UserAgent())
		fmt.Fprintln(answer, "this is", os.Getenv("HOSTNAME"))
	})
	fmt.Println("serving")
	if err := http.ListenAndServe(":8080", nil); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// ask tries for twenty seconds: a name may be younger than what is remembered of its absence.
func ask(url string) int {
	client := http.Client{Timeout: 2 * time.Second}
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		var answer *http.Response
		if answer, err = client.Get(url); err == nil {
			defer answer.Body.Close()
			io.Copy(os.Stdout, answer.Body)
			return 0
		}
	}
	fmt.Println(err)
	return 1
}
